// A WaitGroup that waits for workers of which one never comes back.
package main

import (
	"sync"
	"time"
)

func fetch(i int, out chan<- int, wg *sync.WaitGroup) {
	defer wg.Done()
	out <- i
}

func collect() {
	out := make(chan int)
	var wg sync.WaitGroup
	for i := 0; i < 3; i++ {
		wg.Add(1)
		go fetch(i, out, &wg)
	}
	<-out
	wg.Wait()
}

func main() {
	go collect()
	time.Sleep(5 * time.Millisecond)
}
