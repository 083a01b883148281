// The rows of the speed table in real Go. One program, one row each time it is started:
//
//	GOMAXPROCS=1 ./bench ROW COUNT
//
// prints nanoseconds of processor time for each operation and, for "blocked", bytes of resident
// memory for each goroutine. benchmarks/with_gosim.py holds the same programs in Python.
package main

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func main() {
	n, err := strconv.Atoi(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	row, ok := rows[os.Args[1]]
	if !ok {
		fmt.Fprintln(os.Stderr, "no such row:", os.Args[1])
		os.Exit(2)
	}
	spent, bytesEach := row(n)
	report(spent, n, bytesEach)
}

func report(spent int64, n int, bytesEach float64) {
	fmt.Printf("%.2f %.1f\n", float64(spent)/float64(n), bytesEach)
}

var rows = map[string]func(n int) (spent int64, bytesEach float64){
	"pingpong": plain(pingpong),
	"buffered": plain(buffered),
	"select":   plain(selectTwo),
	"spawn":    plain(spawn),
	"spawn_report": plain(spawnReport),
	"blocked":  blocked,
	"sleeps":   plain(sleeps),
	"sieve":    plain(sieve),
	"mutex":    plain(mutex),
}

func plain(f func(n int) int64) func(n int) (int64, float64) {
	return func(n int) (int64, float64) { return f(n), 0 }
}

// cpu is the processor time of this process so far, so that a busy machine does not count.
func cpu() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func resident() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, err := strconv.ParseInt(string(bytes.Fields(text)[1]), 10, 64)
	if err != nil {
		panic(err)
	}
	return pages * int64(os.Getpagesize())
}

func pingpong(n int) int64 {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for range n {
			pong <- <-ping
		}
	}()
	start := cpu()
	for i := range n {
		ping <- i
		<-pong
	}
	return cpu() - start
}

func buffered(n int) int64 {
	ch := make(chan int, 100)
	start := cpu()
	go func() {
		for i := range n {
			ch <- i
		}
	}()
	sum := 0
	for range n {
		sum += <-ch
	}
	spent := cpu() - start
	check(sum, n*(n-1)/2)
	return spent
}

func selectTwo(n int) int64 {
	a, b := make(chan int), make(chan int)
	sender := func(ch chan int) {
		for i := range n / 2 {
			ch <- i
		}
	}
	start := cpu()
	go sender(a)
	go sender(b)
	sum := 0
	for range n / 2 * 2 {
		select {
		case v := <-a:
			sum += v
		case v := <-b:
			sum += v
		}
	}
	spent := cpu() - start
	check(sum, n/2*(n/2-1))
	return spent
}

func spawn(n int) int64 {
	var wg sync.WaitGroup
	start := cpu()
	wg.Add(n)
	for range n {
		go func() { wg.Done() }()
	}
	wg.Wait()
	return cpu() - start
}

func spawnReport(n int) int64 {
	done := make(chan int)
	start := cpu()
	for range n {
		go func() { done <- 1 }()
		<-done
	}
	return cpu() - start
}

func blocked(n int) (int64, float64) {
	ch := make(chan int)
	started := 0
	runtime.GC()
	before := resident()
	start := cpu()
	for range n {
		go func() {
			started++
			<-ch
		}()
	}
	for started < n {
		runtime.Gosched()
	}
	spent := cpu() - start
	runtime.GC()
	each := float64(resident()-before) / float64(n)
	runtime.KeepAlive(ch)
	return spent, each
}

// sleeps runs in a synctest bubble: Go's own virtual clock.
func sleeps(n int) (spent int64) {
	const goroutines = 1000
	random := rand.New(rand.NewSource(1))
	naps := make([]time.Duration, n)
	for i := range naps {
		naps[i] = time.Duration(1 + random.Intn(1_000_000))
	}
	each := n / goroutines
	testing.Main(
		func(_, _ string) (bool, error) { return true, nil },
		[]testing.InternalTest{{Name: "sleeps", F: func(t *testing.T) {
			synctest.Test(t, func(*testing.T) {
				var wg sync.WaitGroup
				start := cpu()
				for g := range goroutines {
					wg.Add(1)
					go func() {
						for _, d := range naps[g*each : (g+1)*each] {
							time.Sleep(d)
						}
						wg.Done()
					}()
				}
				wg.Wait()
				spent = cpu() - start
			})
			report(spent, n, 0)
			os.Exit(0) // testing.Main would print a verdict of its own
		}}}, nil, nil)
	panic("unreachable: testing.Main exits")
}

// sieve finds the 200th prime through a chain of 200 filters; n is the number of chains.
func sieve(n int) int64 {
	start := cpu()
	for range n {
		ch := make(chan int)
		go func(out chan int) {
			for i := 2; ; i++ {
				out <- i
			}
		}(ch)
		prime := 0
		for range 200 {
			prime = <-ch
			next := make(chan int)
			go func(in, out chan int, p int) {
				for {
					if v := <-in; v%p != 0 {
						out <- v
					}
				}
			}(ch, next, prime)
			ch = next
		}
		check(prime, 1223)
	}
	return cpu() - start
}

// mutex: ten goroutines that give way while they hold the lock, so that the others queue for it.
func mutex(n int) int64 {
	const goroutines = 10
	var mu sync.Mutex
	var wg sync.WaitGroup
	total := 0
	start := cpu()
	for range goroutines {
		wg.Add(1)
		go func() {
			for range n / goroutines {
				mu.Lock()
				total++
				runtime.Gosched()
				mu.Unlock()
			}
			wg.Done()
		}()
	}
	wg.Wait()
	spent := cpu() - start
	check(total, n/goroutines*goroutines)
	return spent
}

func check(got, want int) {
	if got != want {
		panic(fmt.Sprint("wrong result: ", got, ", want ", want))
	}
}
