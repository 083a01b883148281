// Five waiters look before they wait, as they should. The bell wakes one of them.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

const n = 5

type kitchen struct {
	mu     sync.Mutex
	bell   *sync.Cond
	closed bool
}

func (k *kitchen) waiter(i int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for !k.closed {
		k.bell.Wait()
	}
	fmt.Println("waiter", i, "goes home")
}

func main() {
	k := &kitchen{}
	k.bell = sync.NewCond(&k.mu)
	for i := 0; i < n; i++ {
		go k.waiter(i)
	}
	time.Sleep(10 * time.Millisecond) // all of them are waiting now
	k.mu.Lock()
	k.closed = true
	k.bell.Signal() // Notice: the news is for everybody, the signal is for one
	k.mu.Unlock()
	time.Sleep(10 * time.Millisecond)
	fmt.Println("waiters still standing:", runtime.NumGoroutine()-1)
}
