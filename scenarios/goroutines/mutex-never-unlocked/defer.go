// The same early return as before, but now the key comes back on every way out.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

const n = 10

func visit(i int, key *sync.Mutex) {
	key.Lock()
	defer key.Unlock() // runs at return and also when the function panics
	fmt.Println("visitor", i, "has the key")
	if i == 2 {
		return
	}
}

func main() {
	var key sync.Mutex
	for i := 0; i < n; i++ {
		go visit(i, &key)
	}
	time.Sleep(20 * time.Millisecond) // let everybody try
	fmt.Println("visitors still at the door:", runtime.NumGoroutine()-1)
}
