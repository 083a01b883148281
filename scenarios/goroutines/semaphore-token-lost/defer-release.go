// Two tokens for six workers, and every worker gives its token back, failed or not.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 6

func work(i int, tokens chan struct{}) {
	tokens <- struct{}{}
	defer func() { <-tokens }() // right after taking it
	if i < 2 {
		fmt.Println("worker", i, "failed")
		return
	}
	fmt.Println("worker", i, "finished")
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
