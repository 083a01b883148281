// Three downloads, and every one of them signs off, whatever happens.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

const n = 3

func download(i int, wg *sync.WaitGroup) {
	defer wg.Done() // the first line of the goroutine: runs on every way out
	if i == 1 {
		fmt.Println("download", i, "failed")
		return
	}
	fmt.Println("download", i, "finished")
}

func main() {
	var wg sync.WaitGroup
	for i := 0; i < n; i++ {
		wg.Add(1)
		go download(i, &wg)
	}
	go func() {
		wg.Wait()
		fmt.Println("everything is here")
	}()
	time.Sleep(20 * time.Millisecond)
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
