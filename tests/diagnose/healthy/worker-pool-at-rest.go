// A pool of workers that has done its jobs, and waits for more.
package main

import "sync"

var (
	once sync.Once
	jobs chan func()
)

func worker(jobs <-chan func()) {
	for job := range jobs {
		job()
	}
}

func main() {
	once.Do(func() {
		jobs = make(chan func())
		for i := 0; i < 16; i++ {
			go worker(jobs)
		}
	})
	var wg sync.WaitGroup
	for i := 0; i < 100; i++ {
		wg.Add(1)
		jobs <- wg.Done
	}
	wg.Wait()
}
