// Ten visitors, one key, and everybody gives it back.
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
	fmt.Println("visitor", i, "has the key")
	key.Unlock() // the next visitor in the queue may go on
}

func main() {
	var key sync.Mutex
	for i := 0; i < n; i++ {
		go visit(i, &key)
	}
	time.Sleep(20 * time.Millisecond) // let everybody try
	fmt.Println("visitors still at the door:", runtime.NumGoroutine()-1)
}
