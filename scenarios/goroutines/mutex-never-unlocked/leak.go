// Ten visitors, one key. Whoever gets the key walks away with it.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

const n = 10

func visit(i int, key *sync.Mutex) {
	key.Lock() // nine visitors stop here and never get any further
	fmt.Println("visitor", i, "has the key")
	// Notice: no key.Unlock(). The goroutine ends, the lock stays locked.
}

func main() {
	var key sync.Mutex
	for i := 0; i < n; i++ {
		go visit(i, &key)
	}
	time.Sleep(20 * time.Millisecond) // let everybody try
	fmt.Println("visitors still at the door:", runtime.NumGoroutine()-1)
}
