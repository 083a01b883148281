package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

type server struct {
	mu    sync.RWMutex
	conns map[int]chan string
	wg    sync.WaitGroup
	n     atomic.Int64
}

func (s *server) start(ctx context.Context, id int) {
	s.wg.Add(1)
	c := make(chan string, 1)
	s.mu.Lock()
	s.conns[id] = c
	s.mu.Unlock()
	go func() {
		defer s.wg.Done()
		for {
			select {
			case m, ok := <-c:
				if !ok {
					return
				}
				s.n.Add(int64(len(m)))
			case <-ctx.Done():
				fmt.Println(id, ctx.Err())
				return
			}
		}
	}()
}

func producer(n int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range n {
			c <- i
		}
	}()
	return c
}

func merge(cs ...<-chan int) <-chan int {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, c := range cs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for v := range c {
				out <- v
			}
		}()
	}
	go func() { wg.Wait(); close(out) }()
	return out
}

type opt func(*int)

func try(f func()) {
	defer func() { fmt.Println("recovered:", recover()) }()
	f()
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	s := &server{conns: map[int]chan string{}}
	for i := range 3 {
		s.start(ctx, i)
	}
	s.conns[0] <- "hello"
	s.conns[1] <- "hi"
	runtime.Gosched()
	close(s.conns[2])
	time.Sleep(time.Millisecond)
	cancel()
	s.wg.Wait()
	fmt.Println(s.n.Load())
	sum := 0
	for v := range merge(producer(10), producer(20)) {
		sum += v
	}
	fmt.Println(sum)

	tctx, c2 := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer c2()
	select {
	case <-tctx.Done():
		fmt.Println(tctx.Err(), errors.Is(tctx.Err(), context.DeadlineExceeded))
	case <-time.After(time.Second):
		fmt.Println("late")
	}
	try(func() { var c chan int; close(c) })
	try(func() { c := make(chan int); close(c); close(c) })
	try(func() { c := make(chan int); close(c); c <- 1 })
	try(func() {
		c := make(chan int)
		go close(c)
		c <- 1
	})
	try(func() {
		var m map[string]int
		m["a"]++
	})
	try(func() {
		var p *server
		p.n.Add(1)
	})
	try(func() {
		a := make([]int, 3)
		i := 5
		_ = a[1:i]
	})
	try(func() { _ = make([]int, func() int { return -1 }()) })
	try(func() { var e error; _ = e.Error() })
	try(func() { var a any = 5; _ = a.(string) })
	try(func() { var a any = 5; _ = a.(fmt.Stringer) })
	try(func() { x := 0; fmt.Println(1 % x) })
	try(func() { a, b := any([]int{1}), any([]int{1}); fmt.Println(a == b) })
	try(func() { m := map[any]int{}; m[[]int{1}] = 2 })
	try(func() { s := -1; fmt.Println(1 << s) })

	var once sync.Once
	for range 2 {
		once.Do(func() { fmt.Println("once") })
	}
	cond := sync.NewCond(&sync.Mutex{})
	ready := false
	go func() {
		cond.L.Lock()
		ready = true
		cond.L.Unlock()
		cond.Broadcast()
	}()
	cond.L.Lock()
	for !ready {
		cond.Wait()
	}
	cond.L.Unlock()
	fmt.Println("ready", ready)
	sem := make(chan struct{}, 2)
	var running, most int32
	var wg sync.WaitGroup
	for range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sem <- struct{}{}
			defer func() { <-sem }()
			if n := atomic.AddInt32(&running, 1); n > most {
				most = n
			}
			time.Sleep(time.Millisecond)
			atomic.AddInt32(&running, -1)
		}()
	}
	wg.Wait()
	fmt.Println("most", most)
	tm := time.AfterFunc(time.Hour, func() {})
	fmt.Println(tm.Stop(), tm.Stop())
	start := time.Now()
	time.Sleep(20 * time.Millisecond)
	fmt.Println(time.Since(start) >= 20*time.Millisecond)
	errc := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				errc <- fmt.Errorf("goroutine: %v", r)
			}
		}()
		var arr []int
		_ = arr[3]
	}()
	fmt.Println(<-errc)
	go func() {
		defer fmt.Println("goexit deferred")
		runtime.Goexit()
	}()
	time.Sleep(time.Millisecond)
	var mu sync.Mutex
	mu.Lock()
	go func() {
		defer mu.Unlock()
		fmt.Println("unlocking")
	}()
	mu.Lock()
	defer fmt.Println("main deferred")
	runtime.Goexit()
}
