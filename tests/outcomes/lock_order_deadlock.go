// Two locks, taken in opposite orders.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() {
		a.Lock()
		runtime.Gosched()
		b.Lock()
		fmt.Println("a, b")
		b.Unlock()
		a.Unlock()
	})
	wg.Go(func() {
		b.Lock()
		runtime.Gosched()
		a.Lock()
		fmt.Println("b, a")
		a.Unlock()
		b.Unlock()
	})
	wg.Wait()
}
