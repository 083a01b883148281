// Two diners, two forks, and a pause that is meant to repair it.
package main

import (
	"fmt"
	"sync"
	"time"
)

type Table struct {
	left, right sync.Mutex
	meals       int
}

func eat(table *Table) { table.meals++ }

// patient waits a moment, so that the other one is through (the repair).
func patient(table *Table, done *sync.WaitGroup) {
	defer done.Done()
	time.Sleep(50 * time.Millisecond)
	table.right.Lock()
	table.left.Lock()
	eat(table)
	table.left.Unlock()
	table.right.Unlock()
}

func hasty(table *Table, done *sync.WaitGroup) {
	defer done.Done()
	table.left.Lock()
	table.right.Lock()
	eat(table)
	table.right.Unlock()
	table.left.Unlock()
}

func main() {
	var table Table
	var done sync.WaitGroup
	done.Add(2)
	go hasty(&table, &done)
	go patient(&table, &done)
	done.Wait()
	fmt.Println("meals:", table.meals)
}
