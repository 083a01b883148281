package main

import (
	"fmt"
	"sync"
)

func main() {
	x := 0
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			x++
		}()
	}
	wg.Wait()
	fmt.Println(x)
}
