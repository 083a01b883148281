// The channel as the article's code declares it. Count the goroutines that are left: it is not nine.
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

func receive(ch <-chan int) {
	fmt.Println("receiver got", <-ch)
}

func main() {
	var ch chan int // Notice: declared, never made. Not even the receiver gets through.
	for i := 0; i < n; i++ {
		go send(i, ch)
	}
	go receive(ch)
	time.Sleep(20 * time.Millisecond)
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
