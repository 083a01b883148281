// A place for every answer: no server waits for a reader.
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
	answers := make(chan string, n) // late answers stay in the buffer and go away with it
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
