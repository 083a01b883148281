// Stopping what is to run after the cancellation: in time or too late.
package main

import (
	"context"
	"fmt"
	"time"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan bool, 1)
	stop := context.AfterFunc(ctx, func() { ran <- true })
	go func() {
		time.Sleep(time.Millisecond)
		cancel()
	}()
	time.Sleep(time.Millisecond)
	if stop() {
		fmt.Println("stopped")
		return
	}
	fmt.Println("ran", <-ran)
}
