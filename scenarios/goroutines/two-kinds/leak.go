// Two goroutines wait for an answer that never comes. One of them has a limit.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func patient(answers <-chan string) {
	fmt.Println("patient got:", <-answers) // waits as long as the process lives: permanent
}

func careful(answers <-chan string) {
	select {
	case answer := <-answers:
		fmt.Println("careful got:", answer)
	case <-time.After(30 * time.Millisecond): // gives up: temporary
	}
}

func main() {
	answers := make(chan string)
	go patient(answers)
	go careful(answers)
	time.Sleep(10 * time.Millisecond)
	fmt.Println("waiting after 10 ms:", runtime.NumGoroutine()-1)
	time.Sleep(50 * time.Millisecond)
	fmt.Println("waiting after 60 ms:", runtime.NumGoroutine()-1) // Notice: one is left for good
}
