// Every request borrows a buffer from a pool and puts it back.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

type buffer [64 << 10]byte

const n = 1024

var made int
var start, end runtime.MemStats

var pool = sync.Pool{New: func() any { made++; return new(buffer) }}

func handle() {
	b := pool.Get().(*buffer)
	b[0] = 1
	pool.Put(b) // the next request takes this one
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
