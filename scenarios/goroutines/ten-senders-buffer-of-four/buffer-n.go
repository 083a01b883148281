// Ten senders and ten places: no sender has to wait, whatever the reader does.
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
	fmt.Println("receiver got", <-ch)
}

func main() {
	ch := make(chan int, n) // as many places as senders
	for i := 0; i < n; i++ {
		go send(i, ch)
	}
	go receive(ch)
	time.Sleep(20 * time.Millisecond)
	fmt.Println("in the buffer:", len(ch), "of", cap(ch))
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
