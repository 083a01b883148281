// A function for each file: its defer runs at the end of every round.
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

func read() {
	f := openFile()
	defer f.close() // at the end of this one file
	time.Sleep(5 * time.Millisecond)
}

func serve(requests <-chan int) {
	for range requests {
		read()
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
	close(requests)
}
