// Reading and writing under the lock, but letting go between the two.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	n := 0
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			seen := n
			mu.Unlock()
			runtime.Gosched()
			mu.Lock()
			n = seen + 1
			mu.Unlock()
		})
	}
	wg.Wait()
	fmt.Println(n)
}
