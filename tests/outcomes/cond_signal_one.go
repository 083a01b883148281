// One signal, two who may be waiting for it; who was not is not helped.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

func main() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	awake := make(chan string, 2)
	for _, name := range []string{"a", "b"} {
		go func() {
			mu.Lock()
			cond.Wait()
			mu.Unlock()
			awake <- name
		}()
	}
	time.Sleep(20 * time.Millisecond)
	cond.Signal()
	fmt.Println(<-awake)
	fmt.Println(runtime.NumGoroutine()-1, "left")
}
