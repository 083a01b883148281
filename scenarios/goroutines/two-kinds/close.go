// No answer will come, and somebody says so.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func patient(answers <-chan string) {
	if _, ok := <-answers; !ok { // a closed channel answers everybody at once
		fmt.Println("patient: told that nothing will come")
	}
}

func careful(answers <-chan string) {
	select {
	case <-answers:
	case <-time.After(30 * time.Millisecond):
	}
}

func main() {
	answers := make(chan string)
	go patient(answers)
	go careful(answers)
	time.Sleep(10 * time.Millisecond)
	close(answers)
	time.Sleep(50 * time.Millisecond)
	fmt.Println("waiting after 60 ms:", runtime.NumGoroutine()-1)
}
