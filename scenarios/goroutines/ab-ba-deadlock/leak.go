// Two transfers in opposite directions: each holds one account and wants the other.
package main

import (
	"fmt"
	"sync"
	"time"
)

type account struct {
	mu    sync.Mutex
	money int
}

func transfer(from, to *account, amount int, done chan<- bool) {
	from.mu.Lock()
	defer from.mu.Unlock()
	time.Sleep(5 * time.Millisecond) // meanwhile the other transfer takes its first lock
	to.mu.Lock()                     // Notice: A waits for B's lock, B waits for A's lock
	defer to.mu.Unlock()
	from.money -= amount
	to.money += amount
	done <- true
}

func main() {
	ann, bob := &account{money: 100}, &account{money: 100}
	done := make(chan bool, 2)
	go transfer(ann, bob, 10, done)
	go transfer(bob, ann, 20, done)
	time.Sleep(50 * time.Millisecond) // main goes on, so the runtime reports nothing
	fmt.Println("transfers finished:", len(done), "of 2")
}
