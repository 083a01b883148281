// Done twice for one Add: main may be gone by then.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	wg.Add(1)
	for range 2 {
		go func() {
			wg.Done()
		}()
	}
	wg.Wait()
	fmt.Println("waited")
}
