// The bell rings once. The waiter comes a moment too late and waits for the next ring.
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
	k.bell.Wait() // Notice: the waiter does not look at k.ready before waiting
	fmt.Println("waiter: serving the dish")
}

func main() {
	k := &kitchen{}
	k.bell = sync.NewCond(&k.mu)
	go k.waiter()
	k.mu.Lock()
	k.ready = true
	fmt.Println("cook: the dish is ready")
	k.bell.Signal() // nobody waits yet, and a signal is not kept
	k.mu.Unlock()
	time.Sleep(20 * time.Millisecond)
	fmt.Println("waiters still standing:", runtime.NumGoroutine()-1)
}
