// Ten goroutines send, one value is read, and the channel has room for all ten.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 10

func send(i int, ch chan<- int) {
	ch <- i // never blocks: there is a free place for every sender
}

func receive(ch <-chan int) {
	fmt.Println("receiver got", <-ch)
}

func main() {
	ch := make(chan int, n)
	for i := 0; i < n; i++ {
		go send(i, ch)
	}
	go receive(ch)
	time.Sleep(20 * time.Millisecond)
	fmt.Println("values nobody read:", len(ch)) // they go away with the channel
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
