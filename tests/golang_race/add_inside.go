package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	c := make(chan int, 1)
	go func() {
		wg.Add(1)
		c <- 1
		defer wg.Done()
	}()
	wg.Wait()
	fmt.Println(<-c)
}
