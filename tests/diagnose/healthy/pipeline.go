// A pipeline at work: a fast producer waits for its slow consumer, and a group of workers goes on.
package main

import (
	"context"
	"sync"
	"time"
)

var once sync.Once

func produce(ctx context.Context, out chan<- int) {
	for i := 0; ; i++ {
		select {
		case out <- i:
		case <-ctx.Done():
			return
		}
	}
}

func consume(in <-chan int) {
	for range in {
		time.Sleep(3 * time.Millisecond)
	}
}

func supervise() {
	var wg sync.WaitGroup
	for i := 0; i < 3; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			numbers := make(chan int)
			go consume(numbers)
			produce(context.Background(), numbers)
		}()
	}
	wg.Wait()
}

func main() {
	once.Do(func() { go supervise() })
	time.Sleep(10 * time.Millisecond)
}
