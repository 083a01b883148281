// A pool of workers does all its jobs and then waits for more, for ever.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

const n = 4
const todo = 8

func worker(jobs <-chan int, squares chan<- int, wg *sync.WaitGroup) {
	for job := range jobs { // Notice: ends when jobs is closed, and nobody closes it
		squares <- job * job
		wg.Done()
	}
}

func main() {
	jobs, squares := make(chan int), make(chan int, todo)
	var wg sync.WaitGroup
	for i := 0; i < n; i++ {
		go worker(jobs, squares, &wg)
	}
	for job := 1; job <= todo; job++ {
		wg.Add(1)
		jobs <- job
	}
	wg.Wait() // all jobs are done; the workers are not
	fmt.Println("jobs done:", len(squares))
	time.Sleep(10 * time.Millisecond)
	fmt.Println("workers still waiting:", runtime.NumGoroutine()-1)
}
