// The listener is told when to go home, but it does not listen while it hands over a beat.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func heart(ticker *time.Ticker, beats chan<- int, done <-chan struct{}) {
	count := 0
	for {
		select {
		case <-ticker.C:
			count++
			beats <- count // Notice: a beat that comes too late finds nobody
		case <-done: // the way out that Stop does not give
			fmt.Println("heart: stopped")
			return
		}
	}
}

func main() {
	ticker := time.NewTicker(10 * time.Millisecond)
	beats, done := make(chan int), make(chan struct{})
	go heart(ticker, beats, done)
	for i := 0; i < 3; i++ {
		fmt.Println("beat", <-beats)
	}
	ticker.Stop()
	close(done)
	time.Sleep(30 * time.Millisecond)
	fmt.Println("goroutines still listening:", runtime.NumGoroutine()-1)
}
