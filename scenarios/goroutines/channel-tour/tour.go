// A channel with three places: first in, first out. Who has to wait, and when?
package main

import (
	"fmt"
	"time"
)

func main() {
	ch := make(chan string, 3)
	fmt.Println("new:      len", len(ch), "cap", cap(ch))
	ch <- "a"
	ch <- "b"
	ch <- "c"
	fmt.Println("filled:   len", len(ch), "cap", cap(ch))

	sent := make(chan bool)
	go func() {
		ch <- "d" // no place left: this sender has to wait
		fmt.Println("sender:   d has found a place")
		sent <- true
	}()
	time.Sleep(5 * time.Millisecond)
	fmt.Println("received:", <-ch, "- a place is free, and d moves in at once: len", len(ch))
	<-sent // only now: a send on a closed channel would be a panic

	close(ch) // no more sends; what is inside can still be read
	for v := range ch {
		fmt.Println("received:", v)
	}
	v, ok := <-ch
	fmt.Printf("closed:   %q %v\n", v, ok) // empty and closed: the zero value, at once

	empty := make(chan string, 3)
	select {
	case v := <-empty:
		fmt.Println("received:", v)
	default:
		fmt.Println("empty:    a receiver would have to wait")
	}
}
