// A signal that comes before the wait is lost: nobody is left to give another.
package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	go func() {
		time.Sleep(time.Millisecond)
		mu.Lock()
		cond.Signal()
		mu.Unlock()
	}()
	time.Sleep(time.Millisecond)
	mu.Lock()
	cond.Wait()
	mu.Unlock()
	fmt.Println("woken")
}
