// Who panics with the lock in hand, and is recovered, keeps it: the other one cannot go on.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() {
		defer func() { fmt.Println("recovered", recover()) }()
		mu.Lock()
		panic("in the middle")
	})
	wg.Go(func() {
		mu.Lock()
		fmt.Println("second")
		mu.Unlock()
	})
	wg.Wait()
}
