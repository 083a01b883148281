// Every import makes a worker pool of its own, and nobody shuts it down.
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
	p := &pool{make(chan int), make(chan int, rows), make(chan int)} // Notice: who closes quit?
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
