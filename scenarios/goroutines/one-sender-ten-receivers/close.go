// One value is sent, and then the sender says "that was all" by closing the channel.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 10

func receive(i int, ch <-chan int, sentHome chan<- int) {
	v, ok := <-ch
	if !ok { // closed: nothing will come any more
		sentHome <- i
		return
	}
	fmt.Println("receiver", i, "got", v)
}

func main() {
	ch, sentHome := make(chan int), make(chan int, n)
	for i := 0; i < n; i++ {
		go receive(i, ch, sentHome)
	}
	time.Sleep(10 * time.Millisecond)
	ch <- 42
	close(ch) // wakes every receiver, however many there are
	time.Sleep(10 * time.Millisecond)
	fmt.Println("receivers sent home:", len(sentHome))
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
