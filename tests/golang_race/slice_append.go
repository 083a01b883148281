package main

import (
	"fmt"
	"sync"
)

func main() {
	var s []int
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s = append(s, i)
		}()
	}
	wg.Wait()
	fmt.Println(len(s) > 0)
}
