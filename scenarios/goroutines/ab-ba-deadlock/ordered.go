// Two transfers in opposite directions, and both lock in the same order.
package main

import (
	"fmt"
	"sync"
	"time"
)

type account struct {
	mu     sync.Mutex
	number int
	money  int
}

func transfer(from, to *account, amount int, done chan<- bool) {
	first, second := from, to
	if second.number < first.number {
		first, second = second, first
	}
	first.mu.Lock() // the lower account number always comes first: no cycle is possible
	defer first.mu.Unlock()
	time.Sleep(5 * time.Millisecond)
	second.mu.Lock()
	defer second.mu.Unlock()
	from.money -= amount
	to.money += amount
	done <- true
}

func main() {
	ann, bob := &account{number: 1, money: 100}, &account{number: 2, money: 100}
	done := make(chan bool, 2)
	go transfer(ann, bob, 10, done)
	go transfer(bob, ann, 20, done)
	time.Sleep(50 * time.Millisecond)
	fmt.Println("transfers finished:", len(done), "of 2")
}
