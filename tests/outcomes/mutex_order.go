// Who takes the lock first?
package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	var order []string
	for _, name := range []string{"a", "b", "c"} {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, name)
		})
	}
	wg.Wait()
	fmt.Println(order)
}
