// A buffer of one: one loser finds a place for its answer. And the others?
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 3

func ask(server int, answers chan<- string) {
	time.Sleep(time.Duration(server) * 10 * time.Millisecond) // server 0 is the fastest
	answers <- fmt.Sprint("answer of server ", server)
}

func firstAnswer() string {
	answers := make(chan string, 1) // Notice: with two servers this would look like a repair
	for i := 0; i < n; i++ {
		go ask(i, answers)
	}
	return <-answers
}

func main() {
	fmt.Println("first:", firstAnswer())
	time.Sleep((n + 2) * 10 * time.Millisecond) // the slow servers are ready now, too
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
