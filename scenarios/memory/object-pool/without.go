// Every request makes a buffer of 64 KiB and throws it away.
package main

import (
	"fmt"
	"runtime"
	"time"
)

type buffer [64 << 10]byte

const n = 1024

var made int
var last *buffer // makes sure that a buffer is on the heap
var start, end runtime.MemStats

func handle() {
	made++
	last = new(buffer) // Notice: used once, and then it is garbage
	last[0] = 1
}

func main() {
	runtime.ReadMemStats(&start)
	for i := 0; i < n; i++ {
		handle()
		if i%32 == 0 {
			time.Sleep(10 * time.Millisecond)
		}
	}
	runtime.ReadMemStats(&end)
	fmt.Println("buffers made:", made)
	fmt.Println("allocated in all:", (end.TotalAlloc-start.TotalAlloc+1<<19)>>20, "MiB")
}
