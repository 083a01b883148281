// Fields in the order in which somebody thought of them.
package main

import (
	"fmt"
	"runtime"
	"time"
	"unsafe"
)

type record struct {
	open    bool  // Notice: seven bytes of nothing follow, because
	size    int64 // an int64 stands at a multiple of eight
	changed bool
}

var blocks [][]record

func liveMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return (m.HeapAlloc + 1<<19) >> 20
}

func main() {
	var r record
	fmt.Println("size of a record:", unsafe.Sizeof(r), "bytes")
	for i := 0; i < 16; i++ {
		blocks = append(blocks, make([]record, 1<<16))
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println("a million of them:", liveMiB(), "MiB live")
}
