// A service asks a slow backend and gives up early. Its memory grows with every request.
package main

import (
	"bytes"
	"fmt"
	"runtime"
	"time"
)

const n = 60

var found [512 << 10]byte // what the backend has

func fetch(answers chan<- []byte) {
	page := bytes.Clone(found[:])
	time.Sleep(20 * time.Millisecond) // the backend is slow today
	answers <- page                   // Notice: who is still there to receive it?
}

func handle() {
	answers := make(chan []byte)
	go fetch(answers)
	select {
	case page := <-answers:
		fmt.Println("an answer of", len(page), "bytes")
	case <-time.After(5 * time.Millisecond): // the client has gone
	}
}

func liveMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return (m.HeapAlloc + 1<<19) >> 20
}

func main() {
	for i := 1; i <= n; i++ {
		handle()
		time.Sleep(5 * time.Millisecond)
		if i%10 == 0 {
			time.Sleep(50 * time.Millisecond)
			fmt.Println(i, "requests:", liveMiB(), "MiB live")
		}
	}
}
