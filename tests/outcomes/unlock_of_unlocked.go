// Two unlock what was locked once; main leaves after the first.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.Mutex
	done := make(chan bool, 2)
	mu.Lock()
	for range 2 {
		go func() {
			mu.Unlock()
			done <- true
		}()
	}
	<-done
	fmt.Println("unlocked")
}
