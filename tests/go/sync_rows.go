// What package sync does with GOMAXPROCS=1, one row per argument; tests/test_sync.py,
// test_sema.py and test_atomic.py say the same in Python and compare the lines printed.
package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const ms = time.Millisecond

func caught(f func()) (text string) {
	defer func() {
		if x := recover(); x != nil {
			text = fmt.Sprint(x)
		}
	}()
	f()
	return "no panic"
}

var rows = map[string]func(){
	"mutex_queue_fifo": func() {
		var mu sync.Mutex
		var wg sync.WaitGroup
		mu.Lock()
		for i := 0; i < 6; i++ {
			i := i
			wg.Add(1)
			go func() {
				mu.Lock()
				fmt.Print(i, " ")
				mu.Unlock()
				wg.Done()
			}()
			time.Sleep(2 * ms)
		}
		mu.Unlock()
		wg.Wait()
	},
	"mutex_queue_fast": func() {
		var mu sync.Mutex
		var wg sync.WaitGroup
		mu.Lock()
		for i := 0; i < 6; i++ {
			i := i
			wg.Add(1)
			go func() {
				mu.Lock()
				fmt.Print(i, " ")
				mu.Unlock()
				wg.Done()
			}()
		}
		runtime.Gosched()
		mu.Unlock()
		wg.Wait()
	},
	"mutex_unlock_relock_barging": func() {
		var mu sync.Mutex
		var wg sync.WaitGroup
		wg.Add(1)
		mu.Lock()
		go func() {
			mu.Lock()
			fmt.Print("waiter ")
			mu.Unlock()
			wg.Done()
		}()
		runtime.Gosched()
		mu.Unlock()
		mu.Lock()
		fmt.Print("main again ")
		mu.Unlock()
		wg.Wait()
	},
	// The waiter loses once after 5 ms, so it turns starvation mode on; then Unlock hands over.
	"mutex_starvation": func() {
		var mu sync.Mutex
		var wg sync.WaitGroup
		mu.Lock()
		for i := 0; i < 3; i++ {
			i := i
			wg.Add(1)
			go func() {
				mu.Lock()
				fmt.Print("got", i, " ")
				mu.Unlock()
				fmt.Print("gave", i, " ")
				wg.Done()
			}()
			time.Sleep(5 * ms)
		}
		mu.Unlock()
		mu.Lock()
		fmt.Print("barged ")
		time.Sleep(5 * ms)
		fmt.Print("try=", mu.TryLock(), " ")
		mu.Unlock()
		fmt.Print("handed ")
		fmt.Print("try=", mu.TryLock(), " ")
		wg.Wait()
		fmt.Print("try=", mu.TryLock(), " ")
	},
	// Unlocking in starvation mode yields to the waiter at the local tail, before what is queued.
	"mutex_starvation_handoff_order": func() {
		var mu sync.Mutex
		var wg sync.WaitGroup
		wg.Add(1)
		mu.Lock()
		go func() {
			mu.Lock()
			fmt.Print("waiter ")
			mu.Unlock()
			wg.Done()
		}()
		time.Sleep(5 * ms)
		mu.Unlock()
		mu.Lock()
		time.Sleep(5 * ms)
		for i := 0; i < 3; i++ {
			i := i
			wg.Add(1)
			go func() { fmt.Print("other", i, " "); wg.Done() }()
		}
		fmt.Print("unlock ")
		mu.Unlock()
		fmt.Print("main ")
		wg.Wait()
	},
	// A newcomer takes the wake-up that was meant for the waiter, and is first in line after it.
	"mutex_newcomer_takes_the_wakeup": func() {
		var mu sync.Mutex
		var wg sync.WaitGroup
		wg.Add(2)
		lock := func(name string) {
			mu.Lock()
			fmt.Print(name, " ")
			mu.Unlock()
			wg.Done()
		}
		mu.Lock()
		go lock("waiter")
		runtime.Gosched()
		mu.Unlock()
		mu.Lock()
		go lock("newcomer")
		runtime.Gosched()
		mu.Unlock()
		wg.Wait()
	},
	"mutex_other_goroutine_unlocks": func() {
		var mu sync.Mutex
		mu.Lock()
		go mu.Unlock()
		mu.Lock()
		fmt.Print("locked again")
	},
	"mutex_trylock": func() {
		var mu sync.Mutex
		fmt.Print(mu.TryLock(), mu.TryLock())
		mu.Unlock()
		fmt.Print(mu.TryLock())
	},
	"cond_signal_fifo": func() {
		var mu sync.Mutex
		c := sync.NewCond(&mu)
		for i := 0; i < 5; i++ {
			i := i
			go func() {
				mu.Lock()
				c.Wait()
				fmt.Print(i, " ")
				mu.Unlock()
			}()
			time.Sleep(2 * ms)
		}
		for i := 0; i < 5; i++ {
			c.Signal()
			time.Sleep(2 * ms)
		}
	},
	"cond_broadcast": func() {
		var mu sync.Mutex
		c := sync.NewCond(&mu)
		for i := 0; i < 5; i++ {
			i := i
			go func() {
				mu.Lock()
				c.Wait()
				fmt.Print(i, " ")
				mu.Unlock()
			}()
			time.Sleep(2 * ms)
		}
		c.Broadcast()
		time.Sleep(2 * ms)
	},
	"cond_two_signals_then_broadcast": func() {
		var mu sync.Mutex
		c := sync.NewCond(&mu)
		for i := 0; i < 5; i++ {
			i := i
			go func() {
				mu.Lock()
				c.Wait()
				fmt.Print(i, " ")
				mu.Unlock()
			}()
			time.Sleep(2 * ms)
		}
		c.Signal()
		c.Signal()
		c.Broadcast()
		c.Signal()
		time.Sleep(2 * ms)
		fmt.Print("end")
	},
	"wg_waiters": func() {
		var wg sync.WaitGroup
		wg.Add(1)
		for i := 0; i < 5; i++ {
			i := i
			go func() {
				wg.Wait()
				fmt.Print(i, " ")
			}()
			time.Sleep(2 * ms)
		}
		wg.Done()
		time.Sleep(2 * ms)
	},
	"wg_negative": func() {
		var wg sync.WaitGroup
		wg.Add(2)
		fmt.Println(caught(func() { wg.Add(-3) }))
		fmt.Println(caught(func() { wg.Add(1) }))
		fmt.Println(caught(func() { wg.Done() }))
		fmt.Println(caught(func() { wg.Add(1 << 31) }))
	},
	"wg_reused": func() {
		var wg sync.WaitGroup
		wg.Add(1)
		go func() {
			fmt.Println(caught(wg.Wait))
		}()
		runtime.Gosched()
		wg.Done()
		wg.Add(1)
		time.Sleep(2 * ms)
	},
	"rwmutex_writer_blocks_new_readers": func() {
		var rw sync.RWMutex
		var wg sync.WaitGroup
		rw.RLock()
		wg.Add(4)
		go func() {
			rw.Lock()
			fmt.Print("W ")
			rw.Unlock()
			wg.Done()
		}()
		runtime.Gosched()
		for i := 0; i < 3; i++ {
			i := i
			go func() {
				rw.RLock()
				fmt.Print("R", i, " ")
				rw.RUnlock()
				wg.Done()
			}()
		}
		runtime.Gosched()
		fmt.Print("TryRLock=", rw.TryRLock(), " unlock ")
		rw.RUnlock()
		wg.Wait()
	},
	"rwmutex_unlock_readers_before_writer": func() {
		var rw sync.RWMutex
		var wg sync.WaitGroup
		rw.Lock()
		wg.Add(4)
		go func() {
			rw.Lock()
			fmt.Print("W2 ")
			rw.Unlock()
			wg.Done()
		}()
		time.Sleep(2 * ms)
		for i := 0; i < 3; i++ {
			i := i
			go func() {
				rw.RLock()
				fmt.Print("R", i, " ")
				rw.RUnlock()
				wg.Done()
			}()
			time.Sleep(2 * ms)
		}
		rw.Unlock()
		wg.Wait()
	},
	"rwmutex_try": func() {
		var rw sync.RWMutex
		fmt.Print(rw.TryRLock(), rw.TryRLock(), rw.TryLock(), " ")
		rw.RUnlock()
		rw.RUnlock()
		fmt.Print(rw.TryLock(), rw.TryRLock(), rw.TryLock(), " ")
		rw.Unlock()
		l := rw.RLocker()
		l.Lock()
		fmt.Print(rw.TryLock(), rw.TryRLock(), " ")
	},
	// A reader that is not there may leave, as long as another one is counted.
	"rwmutex_many": func() {
		var rw sync.RWMutex
		var wg sync.WaitGroup
		for i := 0; i < 4; i++ {
			i := i
			wg.Add(2)
			go func() {
				rw.RLock()
				fmt.Print("r", i, " ")
				runtime.Gosched()
				rw.RUnlock()
				wg.Done()
			}()
			go func() {
				rw.Lock()
				fmt.Print("w", i, " ")
				runtime.Gosched()
				rw.Unlock()
				wg.Done()
			}()
		}
		wg.Wait()
	},
	"once_concurrent": func() {
		var once sync.Once
		var wg sync.WaitGroup
		for i := 0; i < 4; i++ {
			i := i
			wg.Add(1)
			go func() {
				once.Do(func() { fmt.Print("ran in ", i); runtime.Gosched() })
				fmt.Print(" ", i)
				wg.Done()
			}()
		}
		wg.Wait()
	},
	"once_panic": func() {
		var once sync.Once
		fmt.Println(caught(func() { once.Do(func() { panic("boom") }) }))
		fmt.Println(caught(func() { once.Do(func() { panic("again") }) }))
	},
	"once_goexit": func() {
		var once sync.Once
		done := make(chan bool)
		go func() {
			defer close(done)
			once.Do(func() { runtime.Goexit() })
		}()
		<-done
		once.Do(func() { fmt.Println("ran") })
		fmt.Println("not again")
	},
	"once_func": func() {
		n := 0
		f := sync.OnceFunc(func() { n++; panic("boom") })
		fmt.Println(caught(f), caught(f), n)
		v := sync.OnceValue(func() int { n++; return 7 })
		fmt.Println(v(), v(), n)
		vs := sync.OnceValues(func() (int, error) { n++; return 8, nil })
		a, err := vs()
		b, _ := vs()
		fmt.Println(a, b, err, n)
	},
	"once_func_goexit": func() {
		f := sync.OnceFunc(func() { runtime.Goexit() })
		done := make(chan bool)
		go func() {
			defer close(done)
			defer func() { fmt.Println(recover() != nil) }()
			f()
		}()
		<-done
		fmt.Println(caught(f) != "no panic")
	},
	"map": func() {
		var m sync.Map
		fmt.Println(m.Load("a"))
		m.Store("a", 1)
		fmt.Println(m.LoadOrStore("a", 2))
		fmt.Println(m.LoadOrStore("b", 2))
		fmt.Println(m.Swap("b", 3))
		fmt.Println(m.Swap("c", 4))
		fmt.Println(m.CompareAndSwap("a", 1, 10), m.CompareAndSwap("a", 1, 11))
		fmt.Println(m.CompareAndSwap("zz", nil, 11))
		fmt.Println(m.CompareAndDelete("c", 5), m.CompareAndDelete("c", 4))
		fmt.Println(m.LoadAndDelete("b"))
		fmt.Println(m.LoadAndDelete("b"))
		m.Delete("nobody")
		m.Store(1, "int")
		m.Store(1.0, "float")
		m.Store(true, "bool")
		n := 0
		m.Range(func(k, v any) bool { n++; return true })
		fmt.Println(n)
		n = 0
		m.Range(func(k, v any) bool { n++; return false })
		fmt.Println(n)
		fmt.Println(caught(func() { m.Store([]int{1}, 1) }))
		m.Store("s", []int{1})
		fmt.Println(caught(func() { m.CompareAndSwap("s", []int{1}, 2) }))
		fmt.Println(caught(func() { m.CompareAndSwap("s", 1, 2) }))
	},
	"pool": func() {
		var p sync.Pool
		get := func() { fmt.Print(p.Get(), " ") }
		for i := 1; i <= 4; i++ {
			p.Put(i)
		}
		get()
		get()
		p.Put(5)
		p.Put(6)
		runtime.GC()
		p.Put(7)
		for i := 0; i < 7; i++ {
			get()
		}
		p.Put(8)
		runtime.GC()
		runtime.GC()
		get()
		p.New = func() any { return "new" }
		p.Put(nil)
		get()
	},
	"integers": func() {
		var i32 atomic.Int32
		i32.Store(math.MaxInt32)
		fmt.Println(i32.Add(1), i32.Add(-1), i32.Swap(5), i32.CompareAndSwap(5, 6), i32.CompareAndSwap(5, 7), i32.Load())
		var u32 atomic.Uint32
		fmt.Println(u32.Add(^uint32(0)), u32.Add(1))
		var i64 atomic.Int64
		i64.Store(math.MinInt64)
		fmt.Println(i64.Add(-1), i64.Load())
		var u64 atomic.Uint64
		fmt.Println(u64.Add(^uint64(4)), u64.Load())
		var b atomic.Bool
		fmt.Println(b.Load(), b.Swap(true), b.CompareAndSwap(false, true), b.CompareAndSwap(true, false), b.Load())
		var p atomic.Pointer[int]
		x, y := 1, 1
		fmt.Println(p.Load() == nil, p.CompareAndSwap(nil, &x), p.CompareAndSwap(&y, &x), p.Swap(&y) == &x, p.Load() == &y)
	},
	"value": func() {
		var v atomic.Value
		fmt.Println(v.Load())
		fmt.Println(v.CompareAndSwap("x", "y"))
		fmt.Println(v.CompareAndSwap(nil, "y"), v.Load())
		fmt.Println(caught(func() { v.Store(nil) }))
		fmt.Println(caught(func() { v.Store(1) }))
		fmt.Println(caught(func() { v.Swap(nil) }))
		fmt.Println(caught(func() { v.Swap(1) }))
		fmt.Println(caught(func() { v.CompareAndSwap("y", nil) }))
		fmt.Println(caught(func() { v.CompareAndSwap("y", 1) }))
		fmt.Println(caught(func() { v.CompareAndSwap(1, 2) }))
		fmt.Println(v.Swap("z"), v.Load(), v.CompareAndSwap("y", "w"), v.CompareAndSwap("z", "w"))
		var s atomic.Value
		s.Store([]int{1})
		fmt.Println(caught(func() { s.CompareAndSwap([]int{1}, []int{2}) }))
	},
	"cond_copied": func() {
		c := sync.NewCond(&sync.Mutex{})
		fresh := *c
		fmt.Println(caught(fresh.Signal))
		c.Signal()
		copied := *c
		fmt.Println(caught(copied.Signal))
	},
	"wg_copied": func() {
		var wg sync.WaitGroup
		wg.Add(1)
		func(wg sync.WaitGroup) { wg.Done() }(wg)
		go func() { time.Sleep(2 * ms); fmt.Println("still waiting"); os.Exit(0) }()
		wg.Wait()
		fmt.Println("done")
	},
	"locked_mutex_copied": func() {
		var mu sync.Mutex
		mu.Lock()
		other := mu
		mu.Unlock()
		fmt.Println(mu.TryLock(), other.TryLock())
	},
	"fatal_unlock":    func() { var mu sync.Mutex; defer fmt.Println("no"); mu.Unlock() },
	"fatal_rw_unlock": func() { var rw sync.RWMutex; rw.RLock(); rw.Unlock() },
	"fatal_runlock":   func() { var rw sync.RWMutex; rw.Lock(); rw.RUnlock() },
}

func main() {
	rows[os.Args[1]]()
	fmt.Println()
}
