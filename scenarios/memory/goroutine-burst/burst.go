// Ten thousand requests at once, a goroutine for each. Then it is quiet again. Or is it?
package main

import (
	"fmt"
	"runtime"
	"time"
)

const count = 10_240

var start, now runtime.MemStats

func show(what string) {
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&now)
	stacks := (now.StackInuse - start.StackInuse + 1<<19) >> 20
	each := (int(now.HeapAlloc) - int(start.HeapAlloc) + 16) / count / 32 * 32
	visits := (now.HeapObjects + 500) / 1000
	fmt.Printf("%s stacks %d MiB, records %d B per request, ", what, stacks, each)
	fmt.Printf("%d thousand objects for the collector\n", visits)
	time.Sleep(100 * time.Millisecond)
}

func burst(what string) {
	gate := make(chan struct{})
	for i := 0; i < count; i++ {
		go func() { <-gate }() // Notice: its stack is given back, its record is not
	}
	time.Sleep(50 * time.Millisecond)
	show(what)
	close(gate)
	time.Sleep(100 * time.Millisecond)
}
func main() {
	show("before:      ")
	start = now
	burst("first burst: ")
	show("afterwards:  ")
	burst("second burst:")
	show("afterwards:  ")
}
