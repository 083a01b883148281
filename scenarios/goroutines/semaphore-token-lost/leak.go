// Two tokens for six workers. A worker that fails goes home with the token in its pocket.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 6
const places = 2

func work(i int, tokens chan struct{}, finished chan<- int) {
	tokens <- struct{}{} // take a token; waits when both are out
	if i < places {      // workers 0 and 1 fail
		return // Notice: this way out keeps the token
	}
	finished <- i
	<-tokens // give the token back
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
