// A worker whose answer nobody takes when the deadline comes first.
package main

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Millisecond)
	defer cancel()
	answer := make(chan int)
	go func() {
		time.Sleep(2 * time.Millisecond)
		answer <- 42
	}()
	select {
	case v := <-answer:
		fmt.Println("answer", v)
	case <-ctx.Done():
		fmt.Println(ctx.Err())
	}
	time.Sleep(30 * time.Millisecond)
	fmt.Println(runtime.NumGoroutine()-1, "left")
}
