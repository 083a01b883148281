// Fifty buffers of one MiB lie in a pool that nobody uses. Who takes them away, and when?
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

type buffer [1 << 20]byte

var pool sync.Pool

func liveMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return (m.HeapAlloc + 1<<19) >> 20
}

func main() {
	var buffers []*buffer
	for i := 0; i < 50; i++ {
		b := new(buffer)
		for j := 0; j < len(b); j += 4096 {
			b[j] = 1 // top counts a page when it is first written to
		}
		buffers = append(buffers, b)
	}
	fmt.Println("at the start:         ", liveMiB(), "MiB live")
	for _, b := range buffers {
		pool.Put(b)
	}
	buffers = nil // from here on the pool alone has them
	time.Sleep(100 * time.Millisecond)
	fmt.Println("after one collection: ", liveMiB(), "MiB live")
	time.Sleep(100 * time.Millisecond)
	fmt.Println("after two collections:", liveMiB(), "MiB live") // Notice: unused for one round
	time.Sleep(100 * time.Millisecond)
	fmt.Println("Get returns nothing:", pool.Get() == nil)
}
