// Two who each want both of two tokens.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	tokens := make(chan int, 2)
	tokens <- 1
	tokens <- 2
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			a := <-tokens
			runtime.Gosched()
			b := <-tokens
			tokens <- a
			tokens <- b
		})
	}
	wg.Wait()
	fmt.Println(<-tokens, <-tokens)
}
