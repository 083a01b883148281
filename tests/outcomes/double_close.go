// Both look under the lock, and close under the lock, but not in one go.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	closed := false
	ch := make(chan int)
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			already := closed
			mu.Unlock()
			if !already {
				mu.Lock()
				closed = true
				close(ch)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	fmt.Println("closed once")
}
