// A channel that was declared and never made.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	var letters chan string // Notice: no make, so this is nil
	go func() {
		fmt.Println("sender: about to send")
		letters <- "hello" // a nil channel has no queue and no partner
		fmt.Println("sender: sent")
	}()
	go func() {
		fmt.Println("receiver: about to receive")
		fmt.Println("receiver: got", <-letters) // the sender is there, and still nothing comes
	}()
	time.Sleep(20 * time.Millisecond)
	fmt.Println("goroutines stuck:", runtime.NumGoroutine()-1)
}
