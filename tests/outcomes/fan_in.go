// Two forwarders into one channel, closed when both are done.
package main

import (
	"fmt"
	"sync"
)

func main() {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, values := range [][]int{{1, 2}, {10}} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for _, v := range values {
				out <- v
			}
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	for v := range out {
		fmt.Print(v, " ")
	}
	fmt.Println()
}
