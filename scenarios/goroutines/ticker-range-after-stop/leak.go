// The ticker is stopped, as it should be. The goroutine that listens to it stays.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func heart(ticker *time.Ticker, beats chan<- int) {
	count := 0
	for range ticker.C { // Notice: range ends when C is closed, and Stop does not close it
		count++
		beats <- count
	}
	fmt.Println("heart: stopped") // never printed
}

func main() {
	ticker := time.NewTicker(10 * time.Millisecond)
	beats := make(chan int)
	go heart(ticker, beats)
	for i := 0; i < 3; i++ {
		fmt.Println("beat", <-beats)
	}
	ticker.Stop() // no more ticks, but no end either
	time.Sleep(30 * time.Millisecond)
	fmt.Println("goroutines still listening:", runtime.NumGoroutine()-1)
}
