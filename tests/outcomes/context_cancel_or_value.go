// A value and a cancellation come at the same time.
package main

import (
	"context"
	"fmt"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	values := make(chan int, 1)
	go func() {
		values <- 1
		cancel()
	}()
	select {
	case v := <-values:
		fmt.Println("value", v)
	case <-ctx.Done():
		fmt.Println(ctx.Err())
	}
}
