package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

type Msg struct {
	id   int
	body string
	resp chan string
}
type Server struct {
	mu   sync.Mutex
	n    map[string]int
	reqs chan Msg
	wg   sync.WaitGroup
	once sync.Once
}

func (s *Server) handle(m Msg) {
	defer s.wg.Done()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n[m.body]++
	m.resp <- fmt.Sprint(m.id, ":", m.body, s.n[m.body])
}
func (s *Server) run() {
	for m := range s.reqs {
		s.wg.Add(1)
		go s.handle(m)
	}
}

type Worker interface{ Do(int) int }
type sq struct{}

func (sq) Do(x int) int { return x * x }

type slow struct{ d time.Duration }

func (s slow) Do(x int) int { time.Sleep(s.d); return -x }

func gen(n int) <-chan int {
	ch := make(chan int)
	go func() {
		defer close(ch)
		for i := 0; i < n; i++ {
			ch <- i
		}
	}()
	return ch
}
func main() {
	s := &Server{n: map[string]int{}, reqs: make(chan Msg, 2)}
	go s.run()
	resp := make(chan string)
	for i := 0; i < 3; i++ {
		s.reqs <- Msg{i, "x", resp}
		fmt.Println(<-resp)
	}
	close(s.reqs)
	s.wg.Wait()
	sum := 0
	for v := range gen(10) {
		sum += v
	}
	fmt.Println(sum)
	ws := []Worker{sq{}, slow{time.Millisecond}, &slow{0}}
	for _, w := range ws {
		fmt.Println(w.Do(5))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	select {
	case <-ctx.Done():
		fmt.Println(ctx.Err(), errors.Is(ctx.Err(), context.DeadlineExceeded))
	case <-time.After(time.Second):
		fmt.Println("late")
	}
	var wg sync.WaitGroup
	res := make([]int, 5)
	for i := range res {
		wg.Add(1)
		go func() {
			defer wg.Done()
			res[i] = i * i
		}()
	}
	wg.Wait()
	fmt.Println(res)
	done := make(chan struct{})
	var once sync.Once
	for i := 0; i < 3; i++ {
		go once.Do(func() { close(done) })
	}
	<-done
	var nilch chan int
	select {
	case v := <-nilch:
		fmt.Println(v)
	default:
		fmt.Println("default")
	}
	c := make(chan int, 3)
	c <- 1
	c <- 2
	fmt.Println(len(c), cap(c), <-c)
	v, ok := <-c
	fmt.Println(v, ok)
	close(c)
	v, ok = <-c
	fmt.Println(v, ok)
	func() {
		defer func() { fmt.Println(recover()) }()
		c <- 1
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		close(c)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		close(nilch)
	}()
	t := time.NewTicker(time.Millisecond)
	n := 0
	for range t.C {
		n++
		if n == 3 {
			t.Stop()
			break
		}
	}
	fmt.Println(n)
	ce := make(chan error, 1)
	go func() { ce <- fmt.Errorf("w: %w", context.Canceled) }()
	err := <-ce
	fmt.Println(err, errors.Is(err, context.Canceled))
	var rw sync.RWMutex
	rw.RLock()
	rw.RUnlock()
	cond := sync.NewCond(&sync.Mutex{})
	ready := false
	go func() { cond.L.Lock(); ready = true; cond.L.Unlock(); cond.Broadcast() }()
	cond.L.Lock()
	for !ready {
		cond.Wait()
	}
	cond.L.Unlock()
	fmt.Println("ready", ready)
	var m sync.Map
	m.Store("a", 1)
	x, ok := m.Load("a")
	fmt.Println(x, ok)
	f := sync.OnceValue(func() int { fmt.Println("once"); return 7 })
	fmt.Println(f(), f())
	go func() {
		defer func() { fmt.Println("rec", recover()) }()
		var p *Msg
		fmt.Println(p.id)
	}()
	time.Sleep(time.Millisecond)
	var mu sync.Mutex
	mu.Lock()
	mu.Lock()
}
