// A service keeps every page that it has ever made.
package main

import (
	"bytes"
	"fmt"
	"runtime"
	"time"
)

const n = 320

var cache = map[int][]byte{} // lives as long as the process

var blank [32 << 10]byte

func render(key int) []byte {
	page, ok := cache[key]
	if !ok {
		page = bytes.Clone(blank[:])
		cache[key] = page // Notice: what takes it out again?
	}
	return page
}

func liveMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return (m.HeapAlloc + 1<<19) >> 20
}

func main() {
	for i := 1; i <= n; i++ {
		render(i) // everybody asks for something else
		time.Sleep(time.Millisecond)
		if i%80 == 0 {
			fmt.Println(i, "requests:", len(cache), "pages,", liveMiB(), "MiB live")
		}
	}
}
