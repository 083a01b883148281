// Main closes under the lock before the other sends under it, or after.
package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	var mu sync.Mutex
	ch := make(chan int, 1)
	done := make(chan bool)
	go func() {
		mu.Lock()
		ch <- 1
		mu.Unlock()
		done <- true
	}()
	time.Sleep(time.Microsecond)
	mu.Lock()
	close(ch)
	mu.Unlock()
	<-done
	fmt.Println(<-ch)
}
