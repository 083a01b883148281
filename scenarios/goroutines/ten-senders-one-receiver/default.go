// Whoever finds nobody waiting throws the value away. And if the receiver comes last?
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 10

func offer(i int, ch chan<- int) {
	select {
	case ch <- i:
		fmt.Println("sender", i, "is done")
	default: // Notice: nobody is waiting - any more, or not yet
	}
}

func receive(ch <-chan int) {
	fmt.Println("receiver got", <-ch)
}

func main() {
	ch := make(chan int)
	for i := 0; i < n; i++ {
		go offer(i, ch)
	}
	go receive(ch)
	time.Sleep(20 * time.Millisecond)
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
