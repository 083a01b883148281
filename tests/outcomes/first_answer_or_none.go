// A poll for the first answer: who came early enough, and who stays?
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	answers := make(chan int)
	for i := range 2 {
		go func() { answers <- i }()
	}
	runtime.Gosched()
	select {
	case i := <-answers:
		fmt.Println("answer of", i)
	default:
		fmt.Println("no answer")
	}
	time.Sleep(20 * time.Millisecond)
	fmt.Println(runtime.NumGoroutine()-1, "left")
}
