// Two goroutines print; main waits for both.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		fmt.Println("one")
	}()
	go func() {
		defer wg.Done()
		fmt.Println("two")
	}()
	wg.Wait()
	fmt.Println("both")
}
