// The same news feed, and the reader says when it has enough.
package main

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

func subscribe(ctx context.Context) (<-chan string, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	news := make(chan string)
	go func() {
		for i := 1; ; i++ {
			select {
			case news <- fmt.Sprint("line ", i):
			case <-ctx.Done():
				return
			}
		}
	}()
	return news, cancel
}

func readThree() {
	news, cancel := subscribe(context.Background())
	defer cancel() // right after it was made
	for i := 0; i < 3; i++ {
		fmt.Println(<-news)
	}
}

func main() {
	readThree()
	time.Sleep(10 * time.Millisecond)
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
