// Nothing is lost: the service lives as long as it likes.
package main

import (
	"bytes"
	"fmt"
	"runtime"
	"time"
)

const limit = 48 // MiB
const perRequest = 1024 << 10

var found [perRequest]byte // outside of the heap

func work(results chan<- []byte) {
	result := bytes.Clone(found[:])
	results <- result
}

func handle() {
	results := make(chan []byte, 1)
	go work(results)
	<-results
}

func liveMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return (m.HeapAlloc + 1<<19) >> 20
}

func main() {
	for i := 1; i <= 120; i++ {
		handle()
		time.Sleep(10 * time.Millisecond) // a hundred requests per second
		if i%10 == 0 && liveMiB() > limit {
			fmt.Println("request", i, "- more than", limit, "MiB after", i*10, "ms")
			return // here the kernel would end the process
		}
	}
	fmt.Println("120 requests served,", liveMiB(), "MiB live")
}
