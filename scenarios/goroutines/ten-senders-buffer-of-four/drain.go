// Ten senders, four places, and a reader that takes everything.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 10
const places = 4

func send(i int, ch chan<- int) {
	ch <- i
}

func receive(ch <-chan int) {
	count := 0
	for i := 0; i < n; i++ {
		<-ch
		count++
	}
	fmt.Println("receiver got", count, "values")
}

func main() {
	ch := make(chan int, places) // now the size does not matter for the leak
	for i := 0; i < n; i++ {
		go send(i, ch)
	}
	go receive(ch)
	time.Sleep(20 * time.Millisecond)
	fmt.Println("in the buffer:", len(ch), "of", cap(ch))
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
