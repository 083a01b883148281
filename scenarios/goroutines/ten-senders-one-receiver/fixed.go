// Ten goroutines send, and the receiver takes as many values as are sent.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 10

func send(i int, ch chan<- int) {
	ch <- i
}

func receive(ch <-chan int) {
	sum := 0
	for i := 0; i < n; i++ { // one receive for each send
		sum += <-ch
	}
	fmt.Println("receiver got", n, "values, sum", sum)
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
