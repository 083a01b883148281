// Ten goroutines wait for a value, and only one value is ever sent.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 10

func receive(i int, ch <-chan int) {
	v := <-ch // nine goroutines stay here
	fmt.Println("receiver", i, "got", v)
}

func main() {
	ch := make(chan int)
	for i := 0; i < n; i++ {
		go receive(i, ch)
	}
	time.Sleep(10 * time.Millisecond) // all ten stand in the queue now
	ch <- 42                          // Notice: one value, ten customers, and nobody says "that was all"
	time.Sleep(10 * time.Millisecond)
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
