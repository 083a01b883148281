package main

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
)

type stats struct {
	hits  int64
	ready atomic.Bool
	n     atomic.Int32
}

type config struct{ name string }

func try(f func()) {
	defer func() {
		if x := recover(); x != nil {
			fmt.Println("panic:", x)
		}
	}()
	f()
}

func main() {
	var s stats
	var wg sync.WaitGroup
	for i := 0; i < 50; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			atomic.AddInt64(&s.hits, 2)
			s.n.Add(1)
		}()
	}
	wg.Wait()
	fmt.Println(atomic.LoadInt64(&s.hits), s.n.Load(), s.ready.Load())
	s.ready.Store(true)
	fmt.Println(s.ready.Swap(false), s.ready.CompareAndSwap(false, true), s.ready.Load())

	var i32 int32 = math.MaxInt32
	fmt.Println(atomic.AddInt32(&i32, 1), atomic.SwapInt32(&i32, 5), atomic.CompareAndSwapInt32(&i32, 5, 6), i32)
	var u32 uint32
	fmt.Println(atomic.AddUint32(&u32, ^uint32(0)), atomic.LoadUint32(&u32))
	var u64 uint64 = 7
	atomic.StoreUint64(&u64, 1<<63)
	fmt.Println(atomic.AddUint64(&u64, 1<<63), u64)
	fmt.Println(atomic.OrInt32(&i32, 8), atomic.AndInt32(&i32, 12))
	fmt.Println(i32)
	a := []int32{1, 2, 3}
	atomic.AddInt32(&a[1], 40)
	fmt.Println(a)

	var x atomic.Int64
	fmt.Println(x.Add(-3), x.Swap(10), x.CompareAndSwap(10, 11), x.Load(), x.And(3), x.Or(16), x.Load())
	var up atomic.Uintptr
	up.Store(3)
	fmt.Println(up.Load())

	var p atomic.Pointer[config]
	fmt.Println(p.Load() == nil)
	c1, c2 := &config{"one"}, &config{"one"}
	p.Store(c1)
	fmt.Println(p.CompareAndSwap(c2, c1), p.CompareAndSwap(c1, c2), p.Load() == c2, p.Swap(nil).name, p.Load() == nil)
	var pi atomic.Pointer[int]
	n := 5
	pi.Store(&n)
	*pi.Load() = 6
	fmt.Println(n)

	var v atomic.Value
	fmt.Println(v.Load())
	v.Store(config{"v"})
	fmt.Println(v.Load().(config).name, v.CompareAndSwap(config{"v"}, config{"w"}), v.Swap(config{"x"}))
	try(func() { v.Store("string") })
	try(func() { v.Store(nil) })
	try(func() { v.CompareAndSwap(1, config{}) })
	var m atomic.Value
	m.Store(map[string]int{"a": 1})
	fmt.Println(m.Load().(map[string]int)["a"])
}
