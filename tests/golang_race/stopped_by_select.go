package main

import (
	"fmt"
	"runtime"
)

func main() {
	stop := make(chan struct{})
	done := make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-stop:
				done <- n
				return
			default:
				n = 1
				runtime.Gosched()
			}
		}
	}()
	close(stop)
	fmt.Println(<-done >= 0)
}
