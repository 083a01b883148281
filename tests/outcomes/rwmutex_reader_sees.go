// A reader comes before, between or after two writes.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.RWMutex
	var wg sync.WaitGroup
	value, seen := 0, 0
	wg.Go(func() {
		for range 2 {
			mu.Lock()
			value++
			mu.Unlock()
		}
	})
	wg.Go(func() {
		mu.RLock()
		seen = value
		mu.RUnlock()
	})
	wg.Wait()
	fmt.Println(seen)
}
