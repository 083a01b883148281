// Two permits, three who want one: how many were inside at once?
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	permits := make(chan struct{}, 2)
	var inside, most atomic.Int32
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			permits <- struct{}{}
			n := inside.Add(1)
			if m := most.Load(); n > m {
				most.CompareAndSwap(m, n)
			}
			inside.Add(-1)
			<-permits
		})
	}
	wg.Wait()
	fmt.Println("at most", most.Load(), "at once")
}
