// Each request watches a context that nobody cancels.
package main

import (
	"context"
	"time"
)

func watch(ctx context.Context, id int) {
	<-ctx.Done()
}

func request(id int) {
	ctx, cancel := context.WithCancel(context.Background())
	go watch(ctx, id)
	if id < 0 {
		cancel()
	}
}

func main() {
	for i := 0; i < 4; i++ {
		request(i)
	}
	time.Sleep(5 * time.Millisecond)
}
