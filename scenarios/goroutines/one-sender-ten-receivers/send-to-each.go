// Ten goroutines wait for a value, and ten values are sent.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 10

func receive(ch <-chan int, served chan<- int) {
	served <- <-ch
}

func main() {
	ch, served := make(chan int), make(chan int, n)
	for i := 0; i < n; i++ {
		go receive(ch, served)
	}
	time.Sleep(10 * time.Millisecond)
	for i := 0; i < n; i++ {
		ch <- 42 // one for each
	}
	time.Sleep(10 * time.Millisecond)
	fmt.Println("receivers served:", len(served))
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
