package main

import (
	"fmt"
	"sync"
)

func main() {
	var a, b sync.Mutex
	n := 0
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		a.Lock()
		n++
		a.Unlock()
	}()
	go func() {
		defer wg.Done()
		b.Lock()
		n++
		b.Unlock()
	}()
	wg.Wait()
	fmt.Println(n > 0)
}
