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
	quit := make(chan int)
	defer close(quit) // all workers hear of it
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
