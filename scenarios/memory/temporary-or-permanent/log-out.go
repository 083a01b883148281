// The sessions are told to end as soon as their work is done.
package main

import (
	"bytes"
	"fmt"
	"runtime"
	"time"
)

const n = 8

var site [1 << 20]byte // what is served: outside of the heap

func session(logout <-chan struct{}) {
	page := bytes.Clone(site[:]) // what this user works on
	<-logout
	page[0] = 1 // the page is still needed here, so it is alive while the session waits
}

func liveMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return (m.HeapAlloc + 1<<19) >> 20
}

func main() {
	logout := make(chan struct{})
	for i := 0; i < n; i++ {
		go session(logout)
	}
	close(logout) // one close for all of them
	time.Sleep(50 * time.Millisecond)
	fmt.Println("after  50 ms:", liveMiB(), "MiB live")
	time.Sleep(350 * time.Millisecond)
	fmt.Println("after 400 ms:", liveMiB(), "MiB live")
	time.Sleep(100 * time.Millisecond)
}
