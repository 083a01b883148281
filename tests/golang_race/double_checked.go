package main

import (
	"fmt"
	"sync"
)

type config struct{ v int }

var (
	mu       sync.Mutex
	instance *config
)

func get() *config {
	if instance == nil {
		mu.Lock()
		defer mu.Unlock()
		if instance == nil {
			instance = &config{v: 1}
		}
	}
	return instance
}

func main() {
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_ = get()
		}()
	}
	wg.Wait()
	fmt.Println(get().v)
}
