// Three downloads and a goroutine that waits for all of them. One download forgets to sign off.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

const n = 3

func download(i int, wg *sync.WaitGroup) {
	if i == 1 {
		fmt.Println("download", i, "failed")
		return // Notice: this way out goes past Done
	}
	fmt.Println("download", i, "finished")
	wg.Done()
}

func main() {
	var wg sync.WaitGroup
	for i := 0; i < n; i++ {
		wg.Add(1)
		go download(i, &wg)
	}
	go func() {
		wg.Wait() // the counter stays at 1
		fmt.Println("everything is here")
	}()
	time.Sleep(20 * time.Millisecond)
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
