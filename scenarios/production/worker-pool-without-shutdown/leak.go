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

func work(jobs <-chan int, results chan<- int, quit <-chan int) {
	for {
		select {
		case job := <-jobs:
			results <- job * job
		case <-quit:
			return
		}
	}
}

func importFile() (sum int) {
	jobs, results := make(chan int), make(chan int, rows)
	quit := make(chan int) // Notice: who closes it?
	for i := 0; i < workers; i++ {
		go work(jobs, results, quit)
	}
	for row := 1; row <= rows; row++ {
		jobs <- row
	}
	for row := 1; row <= rows; row++ {
		sum += <-results
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
