package main

import (
	"fmt"
	"sync"
)

func main() {
	sem := make(chan int, 2)
	n := 0
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sem <- 1
			n++
			<-sem
		}()
	}
	wg.Wait()
	fmt.Println(n > 0)
}
