// Who of two workers does which of three jobs?
package main

import (
	"fmt"
	"sync"
)

func main() {
	jobs := make(chan int, 3)
	for i := range 3 {
		jobs <- i
	}
	close(jobs)
	var wg sync.WaitGroup
	var done [2][]int
	for w := range 2 {
		wg.Go(func() {
			for j := range jobs {
				done[w] = append(done[w], j)
			}
		})
	}
	wg.Wait()
	fmt.Println(done)
}
