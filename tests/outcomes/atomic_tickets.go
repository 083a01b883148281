// Each goroutine draws a ticket.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	var next atomic.Int32
	var wg sync.WaitGroup
	var tickets [3]int32
	for i := range 3 {
		wg.Go(func() { tickets[i] = next.Add(1) })
	}
	wg.Wait()
	fmt.Println(tickets)
}
