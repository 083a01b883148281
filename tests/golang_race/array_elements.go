package main

import (
	"fmt"
	"sync"
)

func main() {
	var a [2]int
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			a[0] = i
		}()
	}
	wg.Wait()
	fmt.Println(a[1])
}
