// A hundred goroutines wait at a gate, and the gate opens.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 100

func wait(gate <-chan struct{}) {
	<-gate
}

func main() {
	gate := make(chan struct{})
	fmt.Println("before:", runtime.NumGoroutine())
	for i := 0; i < n; i++ {
		go wait(gate)
	}
	time.Sleep(50 * time.Millisecond)
	fmt.Println("during:", runtime.NumGoroutine())
	close(gate) // one close for all of them
	time.Sleep(50 * time.Millisecond)
	fmt.Println("after: ", runtime.NumGoroutine())
}
