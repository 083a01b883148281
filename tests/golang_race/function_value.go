package main

import (
	"fmt"
	"sync"
)

func run(wg *sync.WaitGroup, f func()) {
	defer wg.Done()
	f()
}

func main() {
	n := 0
	inc := func() { n++ }
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go run(&wg, inc)
	}
	wg.Wait()
	fmt.Println(n > 0)
}
