// The feed has a deadline. Nobody cancels it, and still it ends: later than it could.
package main

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

func subscribe(ctx context.Context) (<-chan string, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	news := make(chan string)
	go func() {
		for i := 1; ; i++ {
			select {
			case news <- fmt.Sprint("line ", i):
			case <-ctx.Done():
				close(news) // the reader may still be there: a deadline asks nobody
				return
			}
		}
	}()
	return news, cancel
}

func readThree() {
	news, _ := subscribe(context.Background()) // cancel is thrown away again
	for i := 0; i < 3; i++ {
		line, ok := <-news
		if !ok {
			fmt.Println("the feed has ended")
			return
		}
		fmt.Println(line)
	}
}

func main() {
	readThree()
	time.Sleep(10 * time.Millisecond)
	fmt.Println("goroutines after 10 ms:", runtime.NumGoroutine()-1)
	time.Sleep(90 * time.Millisecond) // the deadline passes
	fmt.Println("goroutines after 100 ms:", runtime.NumGoroutine()-1)
}
