package main

import (
	"fmt"
	"runtime"
	"time"
)

// time.Tick in a function that returns: the goroutine ends, the ticker cannot be stopped.
func poll(n int) int {
	seen := 0
	for range time.Tick(time.Millisecond) {
		seen++
		if seen == n {
			break
		}
	}
	return seen
}

func watch(every time.Duration, beat chan<- int) {
	for range time.Tick(every) {
		beat <- 1
	}
}

func main() {
	fmt.Println(poll(3), poll(2))
	beat := make(chan int)
	go watch(5*time.Millisecond, beat)
	for i := 0; i < 3; i++ {
		<-beat
	}
	time.Sleep(20 * time.Millisecond)
	fmt.Println("goroutines:", runtime.NumGoroutine())
}
