package main

import (
	"fmt"
	"sync"
)

func main() {
	load := sync.OnceValue(func() *int {
		n := 42
		return &n
	})
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_ = *load()
		}()
	}
	wg.Wait()
	fmt.Println(*load())
}
