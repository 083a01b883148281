// Every import shuts its worker pool down when it is done.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 3
const workers = 4
const rows = 8

type pool struct{ jobs, results, quit chan int }

func (p *pool) work() {
	for {
		select {
		case job := <-p.jobs:
			p.results <- job * job
		case <-p.quit:
			return
		}
	}
}

func importFile() (sum int) {
	p := &pool{make(chan int), make(chan int, rows), make(chan int)}
	defer close(p.quit) // all workers hear of it
	for i := 0; i < workers; i++ {
		go p.work()
	}
	for row := 1; row <= rows; row++ {
		p.jobs <- row
	}
	for row := 1; row <= rows; row++ {
		sum += <-p.results
	}
	return sum
}

func main() {
	for i := 0; i < n; i++ {
		fmt.Println("imported:", importFile())
	}
	time.Sleep(10 * time.Millisecond)
	fmt.Println("goroutines left:", runtime.NumGoroutine()-1)
}
