// A thousand goroutines wait for good. What does each of them cost?
package main

import (
	"fmt"
	"runtime"
	"time"
)

const count = 1000

var start, now runtime.MemStats

func wait(gate <-chan struct{}) {
	<-gate // Notice: it needs nothing, and has a stack all the same
}

func kib(bytes uint64) string { return fmt.Sprintf("%.1f KiB", float64(bytes)/count/1024) }

func main() {
	gate := make(chan struct{})
	runtime.GC()
	runtime.ReadMemStats(&start)
	for i := 0; i < count; i++ {
		go wait(gate)
	}
	time.Sleep(100 * time.Millisecond)
	runtime.GC()
	runtime.ReadMemStats(&now)
	stack, records := now.StackInuse-start.StackInuse, now.HeapAlloc-start.HeapAlloc
	fmt.Println("stack:  ", kib(stack))
	fmt.Println("records:", kib(records))
}
