package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

func main() {
	var g errgroup.Group
	for i := 0; i < 3; i++ {
		g.Go(func() error {
			time.Sleep(time.Duration(i) * 10 * time.Millisecond)
			fmt.Println("task", i)
			if i == 1 {
				return fmt.Errorf("failed %d", i)
			}
			return nil
		})
	}
	fmt.Println(g.Wait())

	g2, ctx := errgroup.WithContext(context.Background())
	boom := errors.New("boom")
	g2.Go(func() error { return boom })
	g2.Go(func() error {
		<-ctx.Done()
		return ctx.Err()
	})
	fmt.Println(g2.Wait() == boom, ctx.Err(), context.Cause(ctx))

	var g3 errgroup.Group
	g3.SetLimit(2)
	running, most := 0, 0
	for i := 0; i < 6; i++ {
		g3.Go(func() error {
			running++
			most = max(most, running)
			time.Sleep(10 * time.Millisecond)
			running--
			return nil
		})
	}
	fmt.Println(g3.TryGo(func() error { return nil }))
	func() {
		defer func() { fmt.Println(recover()) }()
		g3.SetLimit(5)
	}()
	fmt.Println(g3.Wait(), most)

	sem := semaphore.NewWeighted(3)
	bg := context.Background()
	fmt.Println(sem.Acquire(bg, 2), sem.TryAcquire(2), sem.TryAcquire(1))
	short, cancel := context.WithTimeout(bg, 10*time.Millisecond)
	defer cancel()
	fmt.Println(sem.Acquire(short, 1))
	done := make(chan int)
	for i := 1; i <= 3; i++ {
		go func() {
			if err := sem.Acquire(bg, int64(i)); err == nil {
				done <- i
			}
		}()
		time.Sleep(time.Millisecond)
	}
	sem.Release(1)
	fmt.Println(<-done)
	sem.Release(1)
	sem.Release(2)
	fmt.Println(<-done)
	sem.Release(2)
	fmt.Println(<-done)
	func() {
		defer func() { fmt.Println(recover()) }()
		sem.Release(9)
	}()
}
