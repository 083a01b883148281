// The first failure is reported by Wait alone, and Wait waits for the one that waits for the others.
package main

import (
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
)

func part(i int, next <-chan int) error {
	if i == 0 {
		return errors.New("failed") // whoever listens to next hears nothing of it
	}
	<-next
	return nil
}

func all() error {
	var group errgroup.Group
	next := make(chan int)
	for i := 0; i < 3; i++ {
		i := i
		group.Go(func() error { return part(i, next) })
	}
	return group.Wait()
}

func main() {
	go all()
	time.Sleep(5 * time.Millisecond)
}
