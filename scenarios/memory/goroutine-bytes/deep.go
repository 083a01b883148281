// The same with a function that needs four kilobytes of room.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const count = 1000

var start, now runtime.MemStats

func wait(gate <-chan struct{}) {
	var room [4096]byte
	<-gate // Notice: stacks double, so 4 KiB and a bit more need 8
	touch(&room)
}

//go:noinline
func touch(room *[4096]byte) { room[0] = 1 }

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
