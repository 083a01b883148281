// Forty requests of one MiB each. We keep ten bytes of each of them, or so it seems.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

const n = 40

var ids []string // a package variable: it lives as long as the program

func receive() string { return strings.Repeat("x", 1<<20) }

func liveMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return (m.HeapAlloc + 1<<19) >> 20
}

func main() {
	for i := 0; i < n; i++ {
		request := receive()
		ids = append(ids, request[:10]) // Notice: whose bytes are these?
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println(len(ids), "identifiers of", len(ids[0]), "bytes")
	fmt.Println(liveMiB(), "MiB live")
}
