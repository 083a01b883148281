// How many of three are over when main counts?
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	wg.Add(3)
	for range 3 {
		go wg.Done()
	}
	runtime.Gosched()
	fmt.Println(runtime.NumGoroutine())
}
