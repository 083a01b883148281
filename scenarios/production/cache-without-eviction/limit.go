// A service keeps the last 32 pages that it has made.
package main

import (
	"bytes"
	"fmt"
	"runtime"
	"time"
)

const n = 320
const limit = 32

var cache = map[int][]byte{}
var order []int // keys, the oldest first

var blank [32 << 10]byte

func render(key int) []byte {
	page, ok := cache[key]
	if !ok {
		page = bytes.Clone(blank[:])
		if len(cache) == limit {
			delete(cache, order[0]) // the oldest goes
			order = order[:copy(order, order[1:])]
		}
		cache[key] = page
		order = append(order, key)
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
