// A poll finds the value of the goroutine, or comes too early.
package main

import (
	"fmt"
	"runtime"
)

func main() {
	results := make(chan int, 1)
	go func() { results <- 42 }()
	runtime.Gosched()
	select {
	case v := <-results:
		fmt.Println("got", v)
	default:
		fmt.Println("nothing yet")
	}
}
