// The same requests, and every ticker is stopped when its request is answered.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 1000

func handle(request int, replies <-chan int) int {
	reminder := time.NewTicker(time.Hour)
	defer reminder.Stop() // right after it was made
	for {
		select {
		case <-reminder.C:
			fmt.Println("request", request, "is still waiting")
		case reply := <-replies:
			return reply
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
}
