// The same defer in a function that does return: everything is closed, but late and all at once.
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

func readAll() {
	for i := 0; i < 20; i++ {
		f := openFile()
		defer f.close() // Notice: it runs when readAll returns
		for i := 0; i < len(f.buffer); i += 4096 {
			f.buffer[i] = 1 // top counts a page when it is first written to
		}
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println("before the return:", open.Load(), "open,", liveMiB(), "MiB live")
}

func liveMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return (m.HeapAlloc + 1<<19) >> 20
}

func main() {
	readAll()
	fmt.Println("after the return: ", open.Load(), "open,", liveMiB(), "MiB live")
	time.Sleep(100 * time.Millisecond)
}
