// A hundred workers take the same ten thousand requests from a queue.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const count = 10_240
const workers = 100

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
	queue := make(chan struct{}, count)
	for i := 0; i < count; i++ {
		queue <- struct{}{}
	}
	close(queue)
	for i := 0; i < workers; i++ {
		go func() {
			for range queue { // each worker takes the next one when it is ready
			}
		}()
	}
	show(what)
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
