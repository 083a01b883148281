package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	var err error
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, err = fmt.Sscan("x")
		}()
	}
	wg.Wait()
	fmt.Println(err != nil)
}
