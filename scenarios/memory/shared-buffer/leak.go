// A buffer that is used again and again never becomes smaller.
package main

import (
	"fmt"
	"runtime"
	"time"
)

var scratch []byte // used again for every request: nothing to allocate

func handle(request []byte) {
	scratch = append(scratch[:0], request...) // Notice: [:0] keeps the array
}

func liveMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return (m.HeapAlloc + 1<<19) >> 20
}

func main() {
	handle(make([]byte, 32<<20)) // one large request
	for i := 0; i < 20; i++ {
		handle(make([]byte, 100)) // and then only small ones
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println("len", len(scratch), "bytes")
	fmt.Println("cap", cap(scratch)>>20, "MiB")
	fmt.Println(liveMiB(), "MiB live")
}
