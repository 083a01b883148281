package main

import (
	"fmt"
	"runtime"
	"sort"
	"sync"
	"time"
)

type counter struct {
	sync.Mutex
	n int
}

func (c *counter) inc() {
	c.Lock()
	defer c.Unlock()
	c.n++
}

func try(name string, f func()) {
	defer func() {
		if x := recover(); x != nil {
			fmt.Println(name, "panic:", x)
		}
	}()
	f()
}

func main() {
	var c counter
	var wg sync.WaitGroup
	for i := 0; i < 10; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c.inc()
		}()
	}
	wg.Wait()
	fmt.Println(c.n, c.TryLock(), c.TryLock())
	c.Unlock()

	wg.Go(func() { fmt.Println("in Go") })
	wg.Wait()
	try("negative", func() { new(sync.WaitGroup).Done() })

	var once sync.Once
	for i := 0; i < 3; i++ {
		once.Do(func() { fmt.Println("once", i) })
	}
	var panicky sync.Once
	try("once", func() { panicky.Do(func() { panic("boom") }) })
	panicky.Do(func() { fmt.Println("never") })

	f := sync.OnceFunc(func() { fmt.Println("oncefunc") })
	f()
	f()
	g := sync.OnceFunc(func() { panic("each time") })
	try("g1", g)
	try("g2", g)
	v := sync.OnceValue(func() int { fmt.Println("computing"); return 42 })
	fmt.Println(v(), v())
	vs := sync.OnceValues(func() (string, error) { return "a", nil })
	a, err := vs()
	fmt.Println(a, err)

	var rw sync.RWMutex
	rw.RLock()
	fmt.Println(rw.TryRLock(), rw.TryLock())
	rw.RUnlock()
	rw.RUnlock()
	var l sync.Locker = rw.RLocker()
	l.Lock()
	fmt.Println(rw.TryLock())
	l.Unlock()
	fmt.Println(rw.TryLock())
	rw.Unlock()

	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	ready := 0
	for i := 0; i < 3; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			cond.L.Lock()
			for ready == 0 {
				cond.Wait()
			}
			ready--
			cond.L.Unlock()
			fmt.Println("woken", i)
		}()
	}
	runtime.Gosched()
	time.Sleep(time.Millisecond)
	mu.Lock()
	ready = 1
	mu.Unlock()
	cond.Signal()
	time.Sleep(time.Millisecond)
	mu.Lock()
	ready = 2
	mu.Unlock()
	cond.Broadcast()
	wg.Wait()

	pool := sync.Pool{New: func() any { return "new" }}
	fmt.Println(pool.Get())
	pool.Put("old")
	fmt.Println(pool.Get(), pool.Get())
	var empty sync.Pool
	fmt.Println(empty.Get())

	var m sync.Map
	m.Store("a", 1)
	m.Store(2, "b")
	m.Store(2.0, "f")
	type key struct{ x, y int }
	m.Store(key{1, 2}, nil)
	fmt.Println(m.Load("a"))
	fmt.Println(m.Load(2))
	fmt.Println(m.Load(2.0))
	fmt.Println(m.Load(key{1, 2}))
	fmt.Println(m.Load(key{2, 1}))
	fmt.Println(m.LoadOrStore("a", 5))
	fmt.Println(m.LoadOrStore("z", 26))
	fmt.Println(m.LoadAndDelete("z"))
	fmt.Println(m.LoadAndDelete("z"))
	fmt.Println(m.Swap("a", 7))
	fmt.Println(m.CompareAndSwap("a", 7, 8), m.CompareAndSwap("a", 7, 9))
	fmt.Println(m.CompareAndDelete("a", 7), m.CompareAndDelete("a", 8))
	var keys []string
	m.Range(func(k, v any) bool {
		keys = append(keys, fmt.Sprintf("%v=%v", k, v))
		return true
	})
	sort.Strings(keys)
	fmt.Println(keys)
	m.Delete(2)
	m.Clear()
	n := 0
	m.Range(func(k, v any) bool { n++; return true })
	fmt.Println(n)
	try("map", func() { m.Store([]int{1}, 1) })
	try("copied", func() {
		d := *cond
		d.L = &mu
		d.Signal()
	})
	var lockers []sync.Locker = []sync.Locker{&mu, &rw, &c}
	for _, l := range lockers {
		l.Lock()
		l.Unlock()
		fmt.Printf("%T\n", l)
	}
}
