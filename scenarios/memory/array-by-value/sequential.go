// A hundred calls one after the other, each with a copy of eight megabytes. How much at once?
package main

import (
	"fmt"
	"runtime"
	"time"
)

var numbers [1_000_000]int // 8 MB, outside of heap and stacks

//go:noinline
func search(values [1_000_000]int, wanted int) bool { return values[0] == wanted }

//go:noinline
func callOften(times int) {
	for i := 0; i < times; i++ {
		search(numbers, 3) // Notice: every call writes its copy to the same place
		time.Sleep(5 * time.Millisecond)
	}
}

func stackMiB() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return (m.StackInuse + 1<<19) >> 20
}

func main() {
	fmt.Println("before:", stackMiB(), "MiB of stacks")
	callOften(100)
	fmt.Println("after 100 calls:", stackMiB(), "MiB of stacks")
	for i := 1; i <= 4; i++ {
		runtime.GC() // a collection halves a stack that is hardly used
		fmt.Println("collection", i, "later:", stackMiB(), "MiB of stacks")
		time.Sleep(50 * time.Millisecond)
	}
}
