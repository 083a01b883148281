// A server closes every file with defer. It never returns, so when does it close them?
package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

type file struct{ buffer [1 << 20]byte }

var open atomic.Int32

func openFile() *file { open.Add(1); return new(file) }

func (f *file) close() { open.Add(-1) }

func serve(requests <-chan int) {
	for range requests {
		f := openFile()
		defer f.close() // Notice: it runs when serve returns
		for i := 0; i < len(f.buffer); i += 4096 {
			f.buffer[i] = 1 // top counts a page when it is first written to
		}
	}
}

func liveMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return (m.HeapAlloc + 1<<19) >> 20
}

func main() {
	requests := make(chan int)
	go serve(requests)
	for i := 0; i < 20; i++ {
		requests <- i
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println("open files:", open.Load())
	fmt.Println(liveMiB(), "MiB live")
}
