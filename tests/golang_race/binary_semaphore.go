package main

import (
	"fmt"
	"sync"
)

func main() {
	sem := make(chan struct{}, 1)
	n := 0
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sem <- struct{}{}
			n++
			<-sem
		}()
	}
	wg.Wait()
	fmt.Println(n)
}
