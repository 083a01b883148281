// Somebody closes under the lock before the other sends under it.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var mu sync.Mutex
	ch := make(chan int, 1)
	done := make(chan bool)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		ch <- 1
		done <- true
	}()
	runtime.Gosched()
	mu.Lock()
	close(ch)
	mu.Unlock()
	<-done
	fmt.Println(<-ch)
}
