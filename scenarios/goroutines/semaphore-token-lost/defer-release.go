// Two tokens for six workers, and every worker gives its token back, failed or not.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 6
const places = 2

func work(i int, tokens chan struct{}, finished chan<- int) {
	tokens <- struct{}{}
	defer func() { <-tokens }() // right after taking it
	if i < places {
		return
	}
	finished <- i
}

func main() {
	tokens, finished := make(chan struct{}, places), make(chan int, n)
	for i := 0; i < n; i++ {
		go work(i, tokens, finished)
	}
	time.Sleep(20 * time.Millisecond)
	fmt.Println("workers finished:", len(finished))
	fmt.Println("tokens out:", len(tokens), "of", cap(tokens))
	fmt.Println("workers waiting:", runtime.NumGoroutine()-1)
}
