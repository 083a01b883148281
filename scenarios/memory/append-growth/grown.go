// A hundred thousand numbers, appended one by one. How many arrays does that take?
package main

import (
	"fmt"
	"runtime"
	"time"
)

const count = 100_000

var numbers []int
var steps = make([]int, 0, 100) // what we found out
var start, end runtime.MemStats

func main() {
	runtime.GC()                      // what the runtime needs for itself is made here,
	time.Sleep(10 * time.Millisecond) // and not counted below
	runtime.ReadMemStats(&start)
	for i := 0; i < count; i++ {
		before := cap(numbers)
		numbers = append(numbers, i) // Notice: now and then this copies everything
		if cap(numbers) != before {
			steps = append(steps, cap(numbers))
			time.Sleep(10 * time.Millisecond)
		}
	}
	runtime.ReadMemStats(&end)
	fmt.Println("capacities:", steps)
	fmt.Println("arrays made:", len(steps))
	fmt.Println("allocated in all:", (end.TotalAlloc-start.TotalAlloc+512)>>10, "KiB")
	fmt.Println("needed:          ", (8*count+512)>>10, "KiB")
}
