// The same numbers, with room for all of them from the start.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const count = 100_000

var numbers []int
var start, end runtime.MemStats

func main() {
	runtime.GC()                      // what the runtime needs for itself is made here,
	time.Sleep(10 * time.Millisecond) // and not counted below
	runtime.ReadMemStats(&start)
	numbers = make([]int, 0, count)
	for i := 0; i < count; i++ {
		numbers = append(numbers, i) // there is room: nothing is copied
		if i%5000 == 0 {
			time.Sleep(10 * time.Millisecond)
		}
	}
	runtime.ReadMemStats(&end)
	fmt.Println("capacity:", cap(numbers))
	fmt.Println("allocated in all:", (end.TotalAlloc-start.TotalAlloc+512)>>10, "KiB")
	fmt.Println("needed:          ", (8*count+512)>>10, "KiB")
}
