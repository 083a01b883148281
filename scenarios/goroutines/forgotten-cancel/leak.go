// A news feed that runs until it is cancelled. Main reads three lines and never cancels.
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
	news, _ := subscribe(context.Background()) // Notice: the cancel function is thrown away
	for i := 0; i < 3; i++ {
		fmt.Println(<-news)
	}
}

func main() {
	readThree()
	time.Sleep(10 * time.Millisecond)
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
