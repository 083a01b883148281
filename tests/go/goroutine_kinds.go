// What n goroutines that wait in one way cost: goroutine_kinds KIND N, under GOMAXPROCS=1.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"time"
)

var ms runtime.MemStats

func read() (uint64, uint64, uint64) {
	runtime.ReadMemStats(&ms)
	return ms.StackInuse, ms.HeapAlloc, ms.HeapObjects
}

//go:noinline
func deep(n int, c chan int) int {
	var a [1024]byte
	a[n] = 1
	if n <= 1 {
		<-c
		return int(a[0])
	}
	return deep(n-1, c) + int(a[n])
}

func main() {
	kind := os.Args[1]
	n, _ := strconv.Atoi(os.Args[2])
	debug.SetGCPercent(-1)
	c := make(chan int)
	c2 := make(chan int)
	var nilc chan int
	var mu sync.Mutex
	var wg sync.WaitGroup
	cond := sync.NewCond(&sync.Mutex{})
	var f func()
	switch kind {
	case "recv":
		f = func() { <-c }
	case "send":
		f = func() { c <- 1 }
	case "nilchan":
		f = func() { <-nilc }
	case "select0":
		f = func() { select {} }
	case "select2":
		f = func() {
			select {
			case <-c:
			case <-c2:
			}
		}
	case "mutex":
		mu.Lock()
		f = func() { mu.Lock(); mu.Unlock() }
	case "wg":
		wg.Add(1)
		f = func() { wg.Wait() }
	case "cond":
		f = func() { cond.L.Lock(); cond.Wait(); cond.L.Unlock() }
	case "sleep":
		f = func() { time.Sleep(time.Hour) }
	case "timerrecv":
		f = func() { <-time.After(time.Hour) }
	case "stack1k":
		f = func() { deep(1, c) }
	case "stack4k":
		f = func() { deep(4, c) }
	}
	runtime.GC()
	runtime.GC()
	s0, h0, o0 := read()
	show := func(what string) {
		s, h, o := read()
		d := float64(n)
		fmt.Printf("%s %s %d stack %.1f heap %.1f objs %.4f | %d %d %d\n", kind, what, n, float64(s-s0)/d, float64(h-h0)/d, float64(o-o0)/d, s-s0, h-h0, o-o0)
	}
	for i := 0; i < n; i++ {
		go f()
	}
	time.Sleep(200 * time.Millisecond)
	show("blocked")
	runtime.GC()
	runtime.GC()
	show("blockedgc")
	ok := true
	switch kind {
	case "recv", "select2", "stack1k", "stack4k":
		close(c)
	case "mutex":
		mu.Unlock()
	case "wg":
		wg.Done()
	case "cond":
		cond.Broadcast()
	case "send":
		for i := 0; i < n; i++ {
			<-c
		}
	default:
		ok = false
	}
	if ok {
		time.Sleep(300 * time.Millisecond)
		show("exited")
		runtime.GC()
		show("exited1gc")
		runtime.GC()
		show("exited2gc")
	}
}
