// Who tries a lock finds it free or taken.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var mu sync.Mutex
	done := make(chan bool)
	go func() {
		mu.Lock()
		runtime.Gosched()
		mu.Unlock()
		close(done)
	}()
	runtime.Gosched()
	if mu.TryLock() {
		fmt.Println("free")
		mu.Unlock()
	} else {
		fmt.Println("taken")
	}
	<-done
}
