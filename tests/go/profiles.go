// Writes the profiles goroutine, goroutineleak, heap, block and mutex, each as FOLDER/kind.pb.gz
// and FOLDER/kind.txt (debug=1). The same program in Python is tests/profiles_twin.py.
package main

import (
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"time"
)

const tick = 20 * time.Millisecond

func sender(c chan int) { c <- 1 }
func nothing()          { select {} }
func nilsend()          { var c chan int; c <- 1 }
func nilrecv()          { var c chan int; <-c }
func ranger() {
	c := make(chan int)
	for range c {
	}
}
func chooser() {
	c, d := make(chan int), make(chan int)
	select {
	case <-c:
	case d <- 1:
	}
}
func twice()         { var mu sync.Mutex; mu.Lock(); mu.Lock() }
func readThenWrite() { var mu sync.RWMutex; mu.RLock(); mu.Lock() }
func writeThenRead() { var mu sync.RWMutex; mu.Lock(); mu.RLock() }
func writeTwice()    { var mu sync.RWMutex; mu.Lock(); mu.Lock() }
func group()         { var wg sync.WaitGroup; wg.Add(1); wg.Wait() }
func condition()     { var mu sync.Mutex; c := sync.NewCond(&mu); mu.Lock(); c.Wait() }
func sleeper() {
	for {
		time.Sleep(time.Hour)
	}
}
func once() { var o sync.Once; o.Do(func() { o.Do(func() {}) }) }

func lockit(mu *sync.Mutex, wg *sync.WaitGroup, times int) {
	for i := 0; i < times; i++ {
		mu.Lock()
		time.Sleep(tick)
		mu.Unlock()
	}
	wg.Done()
}

func contend(goroutines, times int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Add(goroutines)
	for i := 0; i < goroutines; i++ {
		go lockit(&mu, &wg, times)
	}
	wg.Wait()
}

func late(c chan int) { time.Sleep(tick); c <- 1 }
func take(c chan int) { time.Sleep(tick); <-c }
func receive()        { c := make(chan int); go late(c); <-c }
func give()           { c := make(chan int); go take(c); c <- 1 }
func either() {
	c, d := make(chan int), make(chan int)
	go late(c)
	select {
	case <-c:
	case <-d:
	}
}
func signal(c *sync.Cond) { time.Sleep(tick); c.Signal() }
func signalled() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	go signal(c)
	mu.Lock()
	c.Wait()
}
func runlock(rw *sync.RWMutex) { time.Sleep(tick); rw.RUnlock() }
func unlock(rw *sync.RWMutex)  { time.Sleep(tick); rw.Unlock() }
func writer()                  { var rw sync.RWMutex; rw.RLock(); go runlock(&rw); rw.Lock() }
func reader()                  { var rw sync.RWMutex; rw.Lock(); go unlock(&rw); rw.RLock() }
func second()                  { var rw sync.RWMutex; rw.Lock(); go unlock(&rw); rw.Lock() }
func read(rw *sync.RWMutex, wg *sync.WaitGroup) {
	rw.RLock()
	rw.RUnlock()
	wg.Done()
}
func crowd() {
	var rw sync.RWMutex
	var wg sync.WaitGroup
	wg.Add(4)
	rw.Lock()
	for i := 0; i < 4; i++ {
		go read(&rw, &wg)
	}
	time.Sleep(tick)
	rw.Unlock()
	wg.Wait()
}

func waiter(mu *sync.Mutex, wg *sync.WaitGroup) { mu.Lock(); mu.Unlock(); wg.Done() }

// The second waiter runs before the first, which is awake already, and takes its wake-up.
func overtaken() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Add(2)
	mu.Lock()
	go waiter(&mu, &wg)
	time.Sleep(tick)
	mu.Unlock()
	mu.Lock()
	go waiter(&mu, &wg)
	time.Sleep(tick)
	mu.Unlock()
	wg.Wait()
}

type T struct{ a [100]byte }

var keep []*T
var sink []byte

func alloc(n int) {
	for i := 0; i < n; i++ {
		keep = append(keep, new(T))
	}
}

func garbage(n int) {
	for i := 0; i < n; i++ {
		sink = make([]byte, 2000)
	}
	sink = nil
}

func main() {
	runtime.MemProfileRate = 1
	runtime.SetBlockProfileRate(1)
	runtime.SetMutexProfileFraction(1)
	for i := 0; i < 3; i++ {
		go sender(make(chan int))
	}
	go nothing()
	go nilsend()
	go nilrecv()
	go ranger()
	go chooser()
	go twice()
	go readThenWrite()
	go writeThenRead()
	go writeTwice()
	go group()
	go condition()
	go sleeper()
	go once()
	contend(3, 1)
	contend(4, 3)
	receive()
	give()
	either()
	signalled()
	writer()
	reader()
	second()
	crowd()
	overtaken()
	alloc(10)
	garbage(7)
	runtime.GC()
	for _, kind := range []string{"goroutine", "goroutineleak", "heap", "block", "mutex"} {
		profile := pprof.Lookup(kind)
		if profile == nil {
			continue
		}
		for debug, suffix := range []string{".pb.gz", ".txt", ".dump"} {
			file, err := os.Create(os.Args[1] + "/" + kind + suffix)
			if err != nil {
				panic(err)
			}
			profile.WriteTo(file, debug)
			file.Close()
		}
	}
}
