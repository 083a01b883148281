// Load and store, both atomic, but not together.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

func main() {
	var n atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			seen := n.Load()
			runtime.Gosched()
			n.Store(seen + 1)
		})
	}
	wg.Wait()
	fmt.Println(n.Load())
}
