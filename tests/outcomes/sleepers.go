// Three who sleep equally long, and print.
package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			time.Sleep(time.Millisecond)
			fmt.Print(i, " ")
		})
	}
	wg.Wait()
	fmt.Println()
}
