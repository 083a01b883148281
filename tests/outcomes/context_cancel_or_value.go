// A value and a cancellation come at the same time.
package main

import (
	"context"
	"fmt"
	"time"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	values := make(chan int, 1)
	go func() {
		values <- 1
		cancel()
	}()
	time.Sleep(time.Millisecond)
	select {
	case v := <-values:
		fmt.Println("value", v)
	case <-ctx.Done():
		fmt.Println(ctx.Err())
	}
}
