package main

import (
	"sync"
	"time"
)

type S struct {
	mu sync.Mutex
	ch chan int
}

func (s *S) block(n int) {
	if n > 0 {
		s.block(n - 1)
		return
	}
	s.ch <- 1
}

func (s S) value(c chan int) {
	<-c
}

func gen[T any](c chan T) {
	func() {
		for range c {
		}
	}()
}

func sel(a, b chan int) {
	select {
	case <-a:
	case b <- 1:
	}
}

func run(f func()) { f() }

func each(yield func(int) bool) {
	yield(1)
}

func main() {
	s := &S{ch: make(chan int)}
	go s.block(2)
	go S{}.value(s.ch2())
	go gen(make(chan string))
	go sel(nil, nil)
	go func() {
		var wg sync.WaitGroup
		wg.Add(1)
		wg.Wait()
	}()
	go func() {
		s.mu.Lock()
		s.mu.Lock()
	}()
	f := s.block
	go f(0)
	for i := 0; i < 2; i++ {
		go func() {
			run(func() {
				defer func() {
					select {}
				}()
			})
		}()
	}
	go func() {
		for x := range each {
			s.block(x)
		}
	}()
	go run(func() {
		var c *sync.Cond = sync.NewCond(&s.mu)
		_ = c
		var nilc chan int
		nilc <- 1
	})
	go func(n int) {
		var rw sync.RWMutex
		rw.RLock()
		rw.Lock()
	}(
		1,
	)
	time.Sleep(time.Millisecond)
	x := 1
	<-make(chan int)
	_ = x
}

func (s *S) ch2() chan int { return make(chan int) }
