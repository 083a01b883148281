// Clerks sell the seats of a theatre; who comes too late is turned away.
package main

import (
	"fmt"
	"sync"
	"time"
)

const clerks = 4
const seats = 2

type Office struct {
	mu         sync.Mutex
	seats      int
	sold       int
	turnedAway int
}

// printTicket takes some time, and others may look in the meantime.
func printTicket() {
	time.Sleep(time.Millisecond)
}

// EDIT
// sell sells a seat, or turns the customer away.
func sell(office *Office) {
	office.mu.Lock()
	defer office.mu.Unlock()
	if office.seats == 0 {
		office.turnedAway++
		return
	}
	printTicket()
	office.seats--
	office.sold++
}

// END EDIT

func work(office *Office, closing *sync.WaitGroup) {
	defer closing.Done()
	sell(office)
}

func main() {
	office := &Office{seats: seats}
	var closing sync.WaitGroup
	closing.Add(clerks)
	for i := 0; i < clerks; i++ {
		go work(office, &closing)
	}
	closing.Wait()
	fmt.Printf("sold %d, turned away %d, left %d\n", office.sold, office.turnedAway, office.seats)
}
