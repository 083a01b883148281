// The receiver closes the channel when it has enough. That wakes the senders, and how!
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 10

func send(i int, ch chan<- int) {
	ch <- i
	fmt.Println("sender", i, "is done")
}

func receive(ch chan int) {
	fmt.Println("receiver got", <-ch)
	close(ch) // Notice: the senders do not know, and who sends on a closed channel panics
}

func main() {
	ch := make(chan int)
	for i := 0; i < n; i++ {
		go send(i, ch)
	}
	go receive(ch)
	time.Sleep(20 * time.Millisecond)
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
