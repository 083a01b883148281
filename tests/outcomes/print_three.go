// Three goroutines print a line each: any order.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() { fmt.Println(i) })
	}
	wg.Wait()
}
