// A deferred function runs after return has set the result. Can it still change it?
package main

import (
	"fmt"
	"time"
)

func named() (result int) {
	defer func() { result *= 2 }() // Notice: it sees the result itself
	time.Sleep(10 * time.Millisecond)
	return 21
}

func unnamed() int {
	result := 21
	defer func() { result *= 2 }() // too late: 21 was copied by the return
	time.Sleep(10 * time.Millisecond)
	return result
}

func saved() (result int) {
	defer func() {
		if recover() != nil {
			result = -1
		}
	}()
	panic("something broke")
}

func main() {
	fmt.Println("named:  ", named())
	fmt.Println("unnamed:", unnamed())
	fmt.Println("saved:  ", saved())
}
