package main

import (
	"fmt"
	"sync"
)

var hits int

func hit() { hits++ }

func main() {
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			hit()
		}()
	}
	wg.Wait()
	fmt.Println(hits > 0)
}
