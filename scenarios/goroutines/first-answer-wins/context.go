// The winner's arrival cancels a context, and the losers listen to it.
package main

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

const n = 3

func ask(ctx context.Context, server int, answers chan<- string) {
	time.Sleep(time.Duration(server) * 10 * time.Millisecond) // server 0 is the fastest
	select {
	case answers <- fmt.Sprint("answer of server ", server):
	case <-ctx.Done(): // too late: nobody wants this answer any more
	}
}

func firstAnswer() string {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel() // runs when the first answer is returned
	answers := make(chan string)
	for i := 0; i < n; i++ {
		go ask(ctx, i, answers)
	}
	return <-answers
}

func main() {
	fmt.Println("first:", firstAnswer())
	time.Sleep((n + 2) * 10 * time.Millisecond) // the slow servers are ready now, too
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
