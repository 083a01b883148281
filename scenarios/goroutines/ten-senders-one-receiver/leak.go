// Ten goroutines send, one receives once. What happens to the other nine?
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 10

func send(i int, ch chan<- int) {
	ch <- i // an unbuffered send ends only when somebody receives
	fmt.Println("sender", i, "is done")
}

func receive(ch <-chan int) {
	fmt.Println("receiver got", <-ch) // Notice: one receive, and then it goes home
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
