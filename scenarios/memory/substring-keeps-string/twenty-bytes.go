// Strings of twenty bytes: what does each one cost, and what does keeping half of it save?
package main

import (
	"fmt"
	"runtime"
	"strings"
)

const count = 10_000

var kept = make([]string, count)
var stats runtime.MemStats

func live() int {
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

func measure(what string, name func() string) {
	clear(kept)
	before := live()
	for i := range kept {
		kept[i] = name()
	}
	fmt.Println(what, (live()-before+count/2)/count, "bytes each")
}

func main() {
	made := func() string { return strings.Repeat("x", 20) }
	measure("half of a constant:     ", func() string { return "01234567890123456789"[:10] })
	measure("made at run time:       ", made)
	measure("half of it:             ", func() string { return made()[:10] })
	measure("half of it, cloned:     ", func() string { return strings.Clone(made()[:10]) })
}
