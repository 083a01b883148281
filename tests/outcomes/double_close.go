// Both look under the lock, and close under the lock, but not in one go.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	closed := false
	ch := make(chan int)
	for i := range 2 {
		wg.Go(func() {
			mu.Lock()
			already := closed
			mu.Unlock()
			if i == 1 {
				runtime.Gosched()
			}
			if !already {
				mu.Lock()
				defer mu.Unlock()
				closed = true
				close(ch)
			}
		})
	}
	wg.Wait()
	fmt.Println("closed once")
}
