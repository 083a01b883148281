// Every request makes a ticker for its reminders. The answer comes first, and the ticker is forgotten.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 1000

func handle(request int, replies <-chan int) int {
	reminder := time.NewTicker(time.Hour) // Notice: nobody stops it
	for {
		select {
		case <-reminder.C:
			fmt.Println("request", request, "is still waiting")
		case reply := <-replies:
			return reply // the ticker goes out of sight here
		}
	}
}

func main() {
	replies := make(chan int, 1)
	for i := 0; i < n; i++ {
		replies <- i
		handle(i, replies)
	}
	fmt.Println("requests answered:", n)
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
	// No goroutine is lost. Up to Go 1.22 the runtime keeps every one of these tickers for ever.
}
