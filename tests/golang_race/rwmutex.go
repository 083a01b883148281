package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.RWMutex
	m := map[string]int{"a": 1}
	var wg sync.WaitGroup
	for i := 0; i < 3; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if i == 0 {
				mu.Lock()
				m["a"]++
				mu.Unlock()
				return
			}
			mu.RLock()
			_ = m["a"]
			mu.RUnlock()
		}()
	}
	wg.Wait()
	fmt.Println(m["a"])
}
