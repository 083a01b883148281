// The same program with a channel that was made.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	letters := make(chan string)
	go func() {
		fmt.Println("sender: about to send")
		letters <- "hello"
		fmt.Println("sender: sent")
	}()
	go func() {
		fmt.Println("receiver: about to receive")
		fmt.Println("receiver: got", <-letters)
	}()
	time.Sleep(20 * time.Millisecond)
	fmt.Println("goroutines stuck:", runtime.NumGoroutine()-1)
}
