// A bank moves money between accounts, many transfers at the same time.
package main

import (
	"fmt"
	"sync"
	"time"
)

const balance = 100 // of every account, in the morning

type Account struct {
	number  int
	mu      sync.Mutex
	balance int
}

// audit is what the law wants while money is under way; it takes time.
func audit() {
	time.Sleep(10 * time.Millisecond)
}

// EDIT
// transfer moves money from one account to another.
func transfer(source, target *Account, amount int) {
	if source.number > target.number {
		time.Sleep(time.Millisecond)
	}
	source.mu.Lock()
	target.mu.Lock()
	before := source.balance
	audit()
	source.balance = before - amount
	target.balance += amount
	target.mu.Unlock()
	source.mu.Unlock()
}

// END EDIT

func order(source, target *Account, amount int, day *sync.WaitGroup) {
	defer day.Done()
	transfer(source, target, amount)
}

func main() {
	accounts := make([]*Account, 4)
	for number := range accounts {
		accounts[number] = &Account{number: number, balance: balance}
	}
	var day sync.WaitGroup
	day.Add(3)
	go order(accounts[0], accounts[1], 30, &day)
	go order(accounts[1], accounts[0], 20, &day)
	go order(accounts[2], accounts[3], 5, &day)
	day.Wait()
	for i, a := range accounts {
		if i > 0 {
			fmt.Print(", ")
		}
		fmt.Printf("%d: %d", a.number, a.balance)
	}
	fmt.Println()
}
