// A hundred goroutines wait at a gate that never opens. What does each of them cost?
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 100

func wait(gate <-chan struct{}) {
	<-gate // Notice: it does nothing and needs a stack all the same
}

func main() {
	gate := make(chan struct{})
	fmt.Println("before:", runtime.NumGoroutine())
	for i := 0; i < n; i++ {
		go wait(gate)
	}
	time.Sleep(50 * time.Millisecond)
	fmt.Println("after: ", runtime.NumGoroutine())
}
