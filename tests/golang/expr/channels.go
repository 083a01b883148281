package main

import (
	"fmt"
	"runtime"
)

type big struct{ a [1024]byte }

var keep []any

func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
func main() {
	a := live()
	c := make(chan big, 1000)
	b := live()
	fmt.Println((b-a)>>10, cap(c))
	d := make(chan string, 100000)
	e := live()
	fmt.Println((e-b)>>10, cap(d))
	f := make([]chan *big, 0, 1000)
	for range 1000 {
		f = append(f, make(chan *big, 10))
	}
	g := live()
	fmt.Println((g-e)>>10, len(f))
	c <- big{}
	d <- "x"
	f[0] <- nil
	fmt.Printf("%T %T\n", c, d)
	keep = append(keep, c, d, f)
}
