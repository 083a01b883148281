// Six hundred goroutines in the order in which they run on one processor, as intervals.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	var order []int
	for i := 0; i < 600; i++ {
		wg.Add(1)
		i := i
		go func() {
			order = append(order, i)
			wg.Done()
		}()
	}
	wg.Wait()
	first, last := order[0], order[0]
	for _, n := range append(order[1:], -1) {
		if n == last+1 {
			last = n
			continue
		}
		fmt.Printf("%d-%d ", first, last)
		first, last = n, n
	}
	fmt.Println()
}
