// Stopping what is to run after the cancellation: in time or too late.
package main

import (
	"context"
	"fmt"
	"runtime"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan bool, 1)
	stop := context.AfterFunc(ctx, func() { ran <- true })
	go cancel()
	runtime.Gosched()
	if stop() {
		fmt.Println("stopped")
		return
	}
	fmt.Println("ran", <-ran)
}
