// A reader reads again while a writer waits between the two: a deadlock.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var mu sync.RWMutex
	var wg sync.WaitGroup
	wg.Go(func() {
		mu.RLock()
		runtime.Gosched()
		mu.RLock()
		fmt.Println("read twice")
		mu.RUnlock()
		mu.RUnlock()
	})
	wg.Go(func() {
		mu.Lock()
		fmt.Println("wrote")
		mu.Unlock()
	})
	wg.Wait()
}
