// Clients subscribe to events, go away, and stay subscribed.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

const n = 3

// The subscriptions of all clients: a channel for each.
var mu sync.Mutex
var subs = map[chan string]bool{}

func subscribe() chan string {
	mu.Lock()
	defer mu.Unlock()
	events := make(chan string, 1)
	subs[events] = true
	return events
}

func cancel(events chan string) {
	mu.Lock()
	defer mu.Unlock()
	delete(subs, events)
	close(events)
}

func client() {
	events := subscribe() // Notice: who cancels it?
	go func() {
		for event := range events {
			fmt.Println("sent to the client:", event)
		}
	}()
	time.Sleep(time.Millisecond) // the client reads a while, and goes away
}

func main() {
	for i := 0; i < n; i++ {
		client()
	}
	time.Sleep(10 * time.Millisecond)
	fmt.Println("subscriptions:", len(subs), "goroutines left:", runtime.NumGoroutine()-1)
}
