// The bell rings once. The waiter looks first and waits only if there is a reason to.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

type kitchen struct {
	mu    sync.Mutex
	bell  *sync.Cond
	ready bool
}

func (k *kitchen) waiter() {
	time.Sleep(5 * time.Millisecond) // busy at another table
	k.mu.Lock()
	defer k.mu.Unlock()
	for !k.ready { // look, wait, and look again: always in a loop
		k.bell.Wait()
	}
	fmt.Println("waiter: serving the dish")
}

func main() {
	k := &kitchen{}
	k.bell = sync.NewCond(&k.mu)
	go k.waiter()
	k.mu.Lock()
	k.ready = true
	fmt.Println("cook: the dish is ready")
	k.bell.Signal()
	k.mu.Unlock()
	time.Sleep(20 * time.Millisecond)
	fmt.Println("waiters still standing:", runtime.NumGoroutine()-1)
}
