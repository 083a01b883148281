// Six structs. Say their sizes before you run this.
package main

import (
	"fmt"
	"unsafe"
)

type mixed struct {
	a int8
	b int64
	c int8
	d int32
	e int8
	f int16
}

type sorted struct {
	b int64
	d int32
	f int16
	a int8
	c int8
	e int8
}

type nothingLast struct {
	a int32
	b struct{} // Notice: a pointer to it must not point behind the struct
}

type nothingFirst struct {
	b struct{}
	a int32
}

type text struct{ s string }

type list struct{ l []int }

func main() {
	fmt.Println("mixed:        ", unsafe.Sizeof(mixed{}))
	fmt.Println("sorted:       ", unsafe.Sizeof(sorted{}))
	fmt.Println("nothing last: ", unsafe.Sizeof(nothingLast{}))
	fmt.Println("nothing first:", unsafe.Sizeof(nothingFirst{}))
	fmt.Println("a string:     ", unsafe.Sizeof(text{}))
	fmt.Println("a slice:      ", unsafe.Sizeof(list{}))
}
