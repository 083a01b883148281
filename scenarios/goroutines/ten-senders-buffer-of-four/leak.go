// Ten senders, one value read, four places in the buffer: 10 - 1 - 4 = 5 are left.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 10
const places = 4

func send(i int, ch chan<- int) {
	ch <- i // five of them find neither a receiver nor a free place
}

func receive(ch <-chan int) {
	fmt.Println("receiver got", <-ch)
}

func main() {
	ch := make(chan int, places) // Notice: the buffer makes the leak smaller, not zero
	for i := 0; i < n; i++ {
		go send(i, ch)
	}
	go receive(ch)
	time.Sleep(20 * time.Millisecond)
	fmt.Println("in the buffer:", len(ch), "of", cap(ch))
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
