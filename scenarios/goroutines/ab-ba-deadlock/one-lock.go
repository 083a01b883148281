// Two transfers in opposite directions under one lock for the whole bank.
package main

import (
	"fmt"
	"sync"
	"time"
)

type account struct{ money int }

func transfer(bank *sync.Mutex, from, to *account, amount int, done chan<- bool) {
	bank.Lock() // one lock cannot form a cycle; the price is that transfers queue up
	defer bank.Unlock()
	time.Sleep(5 * time.Millisecond)
	from.money -= amount
	to.money += amount
	done <- true
}

func main() {
	var bank sync.Mutex
	ann, bob := &account{money: 100}, &account{money: 100}
	done := make(chan bool, 2)
	go transfer(&bank, ann, bob, 10, done)
	go transfer(&bank, bob, ann, 20, done)
	time.Sleep(50 * time.Millisecond)
	fmt.Println("transfers finished:", len(done), "of 2")
}
