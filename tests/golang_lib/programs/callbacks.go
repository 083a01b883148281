package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"sync"
	"time"
)

var gate = make(chan int, 1)

// pass waits for a moment; all that calls it can block.
func pass() {
	go func() { gate <- 1 }()
	<-gate
}

type spin struct {
	mu    sync.Mutex
	locks int
}

func (s *spin) Lock()   { s.mu.Lock(); pass(); s.locks++ }
func (s *spin) Unlock() { pass(); s.mu.Unlock() }

type slowErr struct{ code int }

func (e slowErr) Error() string { pass(); return fmt.Sprint("slow ", e.code) }
func (e slowErr) Is(target error) bool {
	pass()
	return target == errBase
}
func (e slowErr) As(target any) bool {
	pass()
	if p, ok := target.(**os.PathError); ok {
		*p = &os.PathError{Op: "op", Path: "path", Err: errBase}
		return true
	}
	return false
}
func (e slowErr) Unwrap() error { pass(); return nil }

var errBase = errors.New("base")

type slowWriter struct{ n int }

func (w *slowWriter) Write(p []byte) (int, error) {
	pass()
	w.n++
	fmt.Printf("[%d] %s", w.n, p)
	return len(p), nil
}

type account struct {
	mu sync.RWMutex
	n  int
}

func (a *account) String() string {
	a.mu.RLock()
	defer a.mu.RUnlock()
	pass()
	return fmt.Sprint("account ", a.n)
}

type ctxKey int

type values struct {
	context.Context
	mu sync.Mutex
	m  map[any]any
}

func (v *values) Value(key any) any {
	v.mu.Lock()
	defer v.mu.Unlock()
	if x, ok := v.m[key]; ok {
		return x
	}
	return v.Context.Value(key)
}

func main() {
	var once sync.Once
	once.Do(func() { pass(); fmt.Println("once") })
	v := sync.OnceValue(func() int { pass(); return 7 })
	fmt.Println(v(), v())
	pool := sync.Pool{New: func() any { pass(); return "made" }}
	fmt.Println(pool.Get())
	var m sync.Map
	m.Store(1, "one")
	m.Range(func(k, v any) bool { pass(); fmt.Println(k, v); return true })

	l := &spin{}
	cond := sync.NewCond(l)
	done := make(chan bool)
	ready := false
	go func() {
		cond.L.Lock()
		for !ready {
			cond.Wait()
		}
		cond.L.Unlock()
		done <- true
	}()
	time.Sleep(time.Millisecond)
	l.Lock()
	ready = true
	l.Unlock()
	cond.Broadcast()
	<-done
	fmt.Println("locks", l.locks, cond.L == l)

	err := fmt.Errorf("wrapped: %w", slowErr{3})
	fmt.Println(err, errors.Is(err, errBase), errors.Is(err, context.Canceled))
	var pe *os.PathError
	fmt.Println(errors.As(err, &pe), pe)
	fmt.Println(errors.Join(err, slowErr{4}))

	logger := log.New(&slowWriter{}, "p: ", 0)
	logger.Println("one", slowErr{5})
	logger.Printf("%v", &account{n: 6})
	fmt.Println(&account{n: 8})
	fmt.Fprintln(&slowWriter{}, &account{n: 9})

	time.AfterFunc(time.Millisecond, func() { pass(); done <- true })
	<-done
	ctx, cancel := context.WithCancel(context.Background())
	context.AfterFunc(ctx, func() { pass(); done <- true })
	cancel()
	<-done

	own := &values{Context: context.WithValue(context.Background(), ctxKey(1), "below"), m: map[any]any{ctxKey(2): "own"}}
	child, stop := context.WithTimeout(own, time.Hour)
	fmt.Println(child.Value(ctxKey(1)), child.Value(ctxKey(2)), child.Value(ctxKey(3)))
	stop()
	fmt.Println(child.Err(), own.Err(), context.Cause(child))

	cond2 := sync.Cond{L: &sync.Mutex{}}
	cond2.Signal()
	var locker sync.Locker = l
	locker.Lock()
	defer locker.Unlock()
	defer func() {
		pass()
		fmt.Println("recovered", recover())
	}()
	panic(slowErr{9})
}
