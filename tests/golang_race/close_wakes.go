package main

import (
	"fmt"
	"sync"
)

func main() {
	ready := make(chan struct{})
	value := 0
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-ready
			_ = value
		}()
	}
	value = 42
	close(ready)
	wg.Wait()
	fmt.Println(value)
}
