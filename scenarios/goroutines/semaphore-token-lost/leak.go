// Two tokens for six workers. A worker that fails goes home with the token in its pocket.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 6

func work(i int, tokens chan struct{}) {
	tokens <- struct{}{} // take a token; waits when both are out
	if i < 2 {
		fmt.Println("worker", i, "failed")
		return // Notice: this way out keeps the token
	}
	fmt.Println("worker", i, "finished")
	<-tokens // give the token back
}

func main() {
	tokens := make(chan struct{}, 2)
	for i := 0; i < n; i++ {
		go work(i, tokens)
	}
	time.Sleep(20 * time.Millisecond)
	fmt.Println("tokens out:", len(tokens), "of", cap(tokens))
	fmt.Println("workers waiting:", runtime.NumGoroutine()-1)
}
