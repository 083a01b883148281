// Three servers get the same question. The first answer wins. Where do the others go?
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 3

func ask(server int, answers chan<- string) {
	time.Sleep(time.Duration(server) * 10 * time.Millisecond) // server 0 is the fastest
	answers <- fmt.Sprint("answer of server ", server)        // Notice: only one of these is ever read
}

func firstAnswer() string {
	answers := make(chan string)
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
