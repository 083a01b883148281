// Each stores its own and loads the other's: Go's atomics forbid that both see nothing.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	var x, y atomic.Int32
	var wg sync.WaitGroup
	var a, b int32
	wg.Go(func() {
		x.Store(1)
		a = y.Load()
	})
	wg.Go(func() {
		y.Store(1)
		b = x.Load()
	})
	wg.Wait()
	fmt.Println(a, b)
}
