package main

import (
	"errors"
	"fmt"
	"runtime"
)

func show(f func()) {
	defer func() {
		x := recover()
		fmt.Printf("%T: %v\n", x, x)
		if err, ok := x.(error); ok {
			var re runtime.Error
			fmt.Println(errors.As(err, &re))
			_, ta := err.(*runtime.TypeAssertionError)
			fmt.Println(ta)
		}
	}()
	f()
}

type I interface{ M() }

func main() {
	var a []int
	var m map[string]int
	var p *struct{ x int }
	var i any = "s"
	var z int
	var c chan int
	var n I
	show(func() { _ = a[3] })
	show(func() { _ = a[1:z] })
	show(func() { m["a"] = 1 })
	show(func() { p.x = 1 })
	show(func() { _ = i.(int) })
	show(func() { _ = i.(I) })
	show(func() { _ = 1 / z })
	show(func() { close(c) })
	show(func() { c := make(chan int); close(c); close(c) })
	show(func() { n.M() })
	show(func() { panic(nil) })
	show(func() { _ = make([]int, z-1) })
	show(func() { var f func(); f() })
	show(func() { var x, y any = []int{}, []int{}; _ = x == y })
	show(func() { panic(fmt.Sprint("text")) })
	show(func() { panic(errors.New("err")) })
}
