// Twenty-five calls at the same time, each with a copy of eight megabytes, and none returns.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 25

var numbers [1_000_000]int // 8 MB, outside of heap and stacks

//go:noinline
func search(values [1_000_000]int, gate <-chan struct{}) bool {
	<-gate
	return values[0] == 3
}

func call(gate <-chan struct{}) { search(numbers, gate) }

func stackMiB() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return (m.StackInuse + 1<<19) >> 20
}

func main() {
	gate := make(chan struct{})
	fmt.Println("before:", stackMiB(), "MiB of stacks")
	for i := 0; i < n; i++ {
		go call(gate)
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println("during:", stackMiB(), "MiB of stacks")
	// Notice: nobody opens the gate
}
