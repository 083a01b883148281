// The same fields, the large ones first.
package main

import (
	"bytes"
	"fmt"
	"runtime"
	"time"
	"unsafe"
)

type record struct {
	size    int64
	open    bool
	changed bool // two bools stand side by side
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
	layout := bytes.Repeat([]byte("."), int(unsafe.Sizeof(r)))
	copy(layout[unsafe.Offsetof(r.open):], "o")
	copy(layout[unsafe.Offsetof(r.size):], "ssssssss")
	copy(layout[unsafe.Offsetof(r.changed):], "c")
	fmt.Printf("byte by byte: |%s|\n", layout) // a dot is a byte of nothing
	for i := 0; i < 16; i++ {
		blocks = append(blocks, make([]record, 1<<16))
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println("a million of them:", liveMiB(), "MiB live")
}
