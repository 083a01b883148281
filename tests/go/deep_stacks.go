package main

import (
	"os"
	"time"
)

//go:noinline
func down(n int) int {
	if n == 0 {
		panic("deep")
	}
	return down(n-1) + 1
}

//go:noinline
func wait(n int, c chan int) int {
	if n == 0 {
		<-c
	}
	return wait(n-1, c) + 1
}

//go:noinline
func overflow(n int) int {
	var a [100 << 10]byte
	a[n%1024] = 1
	return overflow(n+1) + int(a[(n+1)%1024])
}

func main() {
	if os.Args[1] == "overflow" {
		println(overflow(0))
	}
	go wait(98, make(chan int))
	go wait(99, make(chan int))
	go wait(300, make(chan int))
	time.Sleep(10 * time.Millisecond)
	println(down(300))
}
