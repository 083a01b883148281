// A pool of workers does all its jobs and is sent home.
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
	for job := range jobs {
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
	close(jobs) // no more jobs: every range loop ends
	wg.Wait()
	fmt.Println("jobs done:", len(squares))
	time.Sleep(10 * time.Millisecond)
	fmt.Println("workers still waiting:", runtime.NumGoroutine()-1)
}
