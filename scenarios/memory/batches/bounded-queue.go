// The queue has room for two: the producer waits for the consumer.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const blocks = 32

var peak uint64

func load() []byte {
	part := make([]byte, 1<<20) // a part of the result: 1 MiB
	for i := 0; i < len(part); i += 4096 {
		part[i] = 1 // top counts a page when it is first written to
	}
	return part
}

func liveMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return (m.HeapAlloc + 1<<19) >> 20
}

func handle(block []byte) int {
	time.Sleep(10 * time.Millisecond)
	peak = max(peak, liveMiB())
	return len(block)
}

func main() {
	bytes := 0
	parts := make(chan []byte, 2)
	go func() {
		for i := 0; i < blocks; i++ {
			parts <- load()
		}
		close(parts)
	}()
	for part := range parts {
		bytes += handle(part)
	}
	fmt.Println("handled:", bytes>>20, "MiB")
	fmt.Println("peak:   ", peak, "MiB live")
}
