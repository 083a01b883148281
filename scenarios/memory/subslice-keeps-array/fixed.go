// A clone has an array of its own, just large enough.
package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

const n = 40

var heads [][]int // a package variable: it lives as long as the program

func load() []int { return make([]int, 128<<10) } // 131072 numbers: 1 MiB

func liveMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return (m.HeapAlloc + 1<<19) >> 20
}

func main() {
	for i := 0; i < n; i++ {
		data := load()
		heads = append(heads, slices.Clone(data[:3])) // three numbers of its own
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println(len(heads), "heads: len", len(heads[0]), "cap", cap(heads[0]))
	fmt.Println(liveMiB(), "MiB live")
}
