// Two polls for a value and its end: how far has the producer come at each?
package main

import (
	"fmt"
	"runtime"
)

func main() {
	ch := make(chan int, 1)
	go func() {
		ch <- 1
		close(ch)
	}()
	for range 3 {
		runtime.Gosched()
		select {
		case v, ok := <-ch:
			fmt.Print(v, " ", ok, "; ")
		default:
			fmt.Print("empty; ")
		}
	}
	fmt.Println()
}
