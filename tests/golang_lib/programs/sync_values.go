package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

type safe struct {
	sync.RWMutex
	m    map[string]int
	once sync.Once
	hits atomic.Int64
	at   time.Time
}

func (s *safe) get(k string) int {
	s.RLock()
	defer s.RUnlock()
	s.hits.Add(1)
	return s.m[k]
}

func byValue(mu sync.Mutex) bool {
	return mu.TryLock()
}

type pair struct {
	a, b sync.Mutex
}

type nested struct {
	pair
	list [2]sync.WaitGroup
	t    [2]time.Time
}

func run(lock, unlock func(), f func()) {
	lock()
	defer unlock()
	f()
}

func main() {
	var mu sync.Mutex
	mu.Lock()
	fmt.Println(byValue(mu))
	mu.Unlock()
	fmt.Println(byValue(mu), mu.TryLock())
	cp := mu
	fmt.Println(cp.TryLock())
	mu.Unlock()
	fmt.Println(mu.TryLock(), cp.TryLock())
	mu = sync.Mutex{}
	fmt.Println(mu.TryLock())
	p := &mu
	*p = sync.Mutex{}
	fmt.Println(mu.TryLock())
	mu.Unlock()

	s := &safe{m: map[string]int{"a": 1}, at: time.Unix(5, 0).UTC()}
	fmt.Println(s.get("a"), s.get("b"), s.hits.Load())
	f := s.once.Do
	f(func() { fmt.Println("first") })
	s.once.Do(func() { fmt.Println("second") })
	s.once = sync.Once{}
	s.once.Do(func() { fmt.Println("again") })
	run(s.Lock, s.Unlock, func() { s.m["c"] = 3 })
	run(mu.Lock, mu.Unlock, func() { fmt.Println("locked", mu.TryLock()) })
	fmt.Println(s.get("c"), s.at)
	q := s.at
	s.at = s.at.Add(time.Second)
	fmt.Println(q.Unix(), s.at.Unix())

	var n nested
	n.a.Lock()
	fmt.Println(n.a.TryLock(), n.b.TryLock(), n.pair.a.TryLock())
	m := n
	fmt.Println(m.a.TryLock(), m.b.TryLock())
	m.a.Unlock()
	fmt.Println(m.a.TryLock(), n.a.TryLock())
	n.list[1].Add(1)
	go n.list[1].Done()
	n.list[1].Wait()
	n.t[0] = time.Unix(7, 0).UTC()
	arr := n.t
	n.t[0] = n.t[0].Add(time.Hour)
	fmt.Println(arr[0].Unix(), n.t[0].Unix(), n.t[1].IsZero())

	locks := make([]sync.Mutex, 3)
	locks[1].Lock()
	for i := range locks {
		fmt.Print(locks[i].TryLock(), " ")
	}
	fmt.Println()
	locks = append(locks, sync.Mutex{})
	fmt.Println(locks[1].TryLock(), locks[3].TryLock(), len(locks))
	byName := map[string]*sync.Mutex{"x": {}, "y": new(sync.Mutex)}
	byName["x"].Lock()
	fmt.Println(byName["x"].TryLock(), byName["y"].TryLock(), byName["z"] == nil)

	var c atomic.Int32
	c.Store(4)
	d := struct{ c atomic.Int32 }{}
	d.c.Store(c.Load())
	inc := d.c.Add
	inc(2)
	fmt.Println(c.Load(), d.c.Load())
	add := (*atomic.Int32).Add
	fmt.Println(add(&c, 5), c.Load())

	times := []time.Time{time.Unix(3, 0), time.Unix(1, 0), {}}
	for _, t := range times {
		t = t.Add(time.Second)
		_ = t
	}
	fmt.Println(times[0].Unix(), times[2].IsZero(), times[0].After(times[1]))
	pt := &times[1]
	*pt = pt.Add(9 * time.Second)
	fmt.Println(times[1].Unix())
	var iface any = times[1]
	times[1] = time.Time{}
	fmt.Println(iface.(time.Time).Unix(), iface == any(time.Unix(10, 0)), iface == any(time.Unix(11, 0)))
	ch := make(chan time.Time, 1)
	ch <- times[0]
	times[0] = times[0].Add(1)
	fmt.Println((<-ch).UnixNano())

	var wg sync.WaitGroup
	wg.Add(1)
	go func(wg sync.WaitGroup) {
		defer wg.Done()
		fmt.Println("by value")
	}(wg)
	wg.Wait()
}

type blank struct{ _ int }

type stamped struct {
	at time.Time
	n  int
}

func init() {
	var a, b any = blank{}, blank{}
	fmt.Println(a == b)
	m := map[any]int{time.Unix(1, 0): 1, blank{}: 2, stamped{time.Unix(2, 0), 3}: 4}
	fmt.Println(m[time.Unix(1, 0)], m[time.Unix(2, 0)], m[blank{}], m[stamped{time.Unix(2, 0), 3}], len(m))
	k := map[stamped]string{{time.Unix(4, 0), 1}: "x"}
	fmt.Println(k[stamped{time.Unix(4, 0), 1}], k[stamped{time.Unix(5, 0), 1}] == "")
	fmt.Println(stamped{time.Unix(1, 0), 1} == stamped{time.Unix(1, 0), 1}, stamped{time.Unix(1, 0), 1} == stamped{n: 1})
	var set sync.Map
	set.Store(time.Unix(9, 0), true)
	fmt.Println(set.Load(time.Unix(9, 0)))
	fmt.Println(set.Load(time.Unix(8, 0)))
}
