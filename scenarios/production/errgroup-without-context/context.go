// One task of an errgroup fails, and its context tells the other one.
package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"
)

const n = 3

func handle() {
	g, ctx := errgroup.WithContext(context.Background()) // ends with the first error
	rows := make(chan int)
	g.Go(func() error { // reads rows
		defer close(rows)
		for row := 1; row <= 3; row++ {
			select {
			case rows <- row:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error { // writes them
		for row := range rows {
			if row == 2 {
				return errors.New("the disk is full")
			}
		}
		return nil
	})
	fmt.Println("error:", g.Wait())
}

func main() {
	for i := 0; i < n; i++ {
		go handle()
	}
	time.Sleep(10 * time.Millisecond)
	fmt.Println("goroutines left:", runtime.NumGoroutine()-1)
}
