package main

import (
	"fmt"
	"sync"
)

func main() {
	base := make([]int, 1, 4)
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s := append(base, i)
			_ = s
		}()
	}
	wg.Wait()
	fmt.Println(len(base))
}
