// Ten thousand defers wait in one function. What does each of them cost?
package main

import (
	"fmt"
	"runtime"
	"time"
)

const count = 10_000

var ran int
var stats runtime.MemStats

func live() int {
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

func done() { ran++ }

func work() {
	before := live()
	for i := 0; i < count; i++ {
		defer done() // Notice: in a loop each one needs a record on the heap
	}
	time.Sleep(50 * time.Millisecond)
	fmt.Println("bytes for each record:", (live()-before+count/2)/count)
	fmt.Println("defers run before the return:", ran)
}

func main() {
	work()
	fmt.Println("defers run after the return: ", ran)
}
