// A signal that comes before the wait is lost: nobody is left to give another.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	go func() {
		mu.Lock()
		cond.Signal()
		mu.Unlock()
	}()
	runtime.Gosched()
	mu.Lock()
	cond.Wait()
	mu.Unlock()
	fmt.Println("woken")
}
