// What package context does, row by row: `context_rows NAME...` prints each row behind its name.
// tests/test_context.py tells every row again in Python.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sort"
	"strings"
	"time"
)

const ms = time.Millisecond

var bg = context.Background()

func ended(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return true
	default:
		return false
	}
}

func panics(f func()) {
	defer func() { fmt.Println("panic:", recover()) }()
	f()
}

// A context of somebody else's.
type custom struct {
	done chan struct{}
	err  error
}

func (c *custom) Deadline() (time.Time, bool) { return time.Time{}, false }
func (c *custom) Done() <-chan struct{}       { return c.done }
func (c *custom) Err() error                  { return c.err }
func (c *custom) Value(any) any               { return nil }

// One that embeds another and adds nothing.
type wrapper struct{ context.Context }

// One that embeds another and has a channel of its own.
type masked struct {
	context.Context
	done chan struct{}
}

func (m *masked) Done() <-chan struct{} { return m.done }

// One that calls back.
type caller struct {
	custom
	f       func()
	stopped int
}

func (c *caller) AfterFunc(f func()) func() bool {
	c.f = f
	return func() bool { c.stopped++; return true }
}

var rows = map[string]func(){
	"texts": func() {
		fmt.Println(context.Canceled, context.DeadlineExceeded)
		var timeout interface{ Timeout() bool }
		fmt.Println(errors.As(context.DeadlineExceeded, &timeout), timeout.Timeout())
		fmt.Println(errors.Is(fmt.Errorf("x: %w", context.Canceled), context.Canceled))
	},
	"cancel_goes_down_and_not_up": func() {
		a, cancelA := context.WithCancel(bg)
		b, cancelB := context.WithCancel(a)
		c, cancelC := context.WithTimeout(context.WithValue(b, 1, 2), time.Hour)
		d, cancelD := context.WithCancel(a)
		defer cancelD()
		defer cancelC()
		fmt.Println(a.Err(), b.Err(), c.Err(), ended(a), ended(c))
		cancelB()
		fmt.Println(a.Err(), b.Err(), c.Err(), d.Err(), ended(b), ended(c), ended(d))
		cancelA()
		fmt.Println(a.Err(), b.Err(), c.Err(), d.Err(), ended(a), ended(d))
	},
	"cancel_twice_keeps_the_first_cause": func() {
		ctx, cancel := context.WithCancelCause(bg)
		fmt.Println(context.Cause(ctx))
		cancel(errors.New("first"))
		cancel(errors.New("second"))
		fmt.Println(ctx.Err(), context.Cause(ctx))
		ctx, cancel = context.WithCancelCause(bg)
		cancel(nil)
		fmt.Println(ctx.Err(), context.Cause(ctx))
	},
	"cause_of_a_child_is_the_parents": func() {
		a, cancelA := context.WithCancelCause(bg)
		b, cancelB := context.WithCancelCause(a)
		c, cancelC := context.WithCancelCause(b)
		cancelC(errors.New("own"))
		cancelA(errors.New("parent"))
		cancelB(errors.New("late"))
		fmt.Println(context.Cause(a), context.Cause(b), context.Cause(c))
		d, cancelD := context.WithTimeout(a, time.Hour)
		defer cancelD()
		fmt.Println(d.Err(), context.Cause(d))
	},
	"timeout": func() {
		start := time.Now()
		ctx, cancel := context.WithTimeoutCause(bg, 20*ms, errors.New("too slow"))
		defer cancel()
		at, ok := ctx.Deadline()
		fmt.Println(at.Sub(start).Round(10*ms), ok, ctx.Err())
		<-ctx.Done()
		fmt.Println(time.Since(start).Round(10*ms), ctx.Err(), context.Cause(ctx))
		ctx, cancel = context.WithTimeoutCause(bg, time.Hour, errors.New("too slow"))
		cancel()
		fmt.Println(ctx.Err(), context.Cause(ctx))
	},
	"the_earlier_deadline_wins": func() {
		start := time.Now()
		a, cancelA := context.WithTimeout(bg, 20*ms)
		b, cancelB := context.WithTimeout(a, time.Hour)
		c, cancelC := context.WithTimeout(b, 10*ms)
		defer cancelA()
		defer cancelB()
		defer cancelC()
		for _, ctx := range []context.Context{a, b, c} {
			at, ok := ctx.Deadline()
			fmt.Println(at.Sub(start).Round(10*ms), ok)
		}
		<-c.Done()
		fmt.Println(a.Err(), b.Err(), c.Err())
		<-b.Done()
		fmt.Println(a.Err(), b.Err(), c.Err(), context.Cause(b))
	},
	"a_deadline_in_the_past": func() {
		ctx, cancel := context.WithDeadlineCause(bg, time.Unix(0, 0), errors.New("history"))
		fmt.Println(ctx.Err(), context.Cause(ctx), ended(ctx))
		cancel()
		fmt.Println(ctx.Err(), context.Cause(ctx))
		a, cancelA := context.WithCancel(bg)
		b, cancelB := context.WithTimeout(a, -1)
		cancelB()
		fmt.Println(a.Err(), b.Err())
		cancelA()
		fmt.Println(a.Err(), b.Err())
	},
	"values": func() {
		type key int
		a := context.WithValue(bg, "k", "a")
		b := context.WithValue(a, key(1), "b")
		c, cancel := context.WithCancel(context.WithValue(b, "k", nil))
		defer cancel()
		fmt.Println(a.Value("k"), b.Value("k"), c.Value("k"), c.Value(key(1)), c.Value(1))
		fmt.Println(bg.Value("k"), a.Done() == nil, a.Err())
		fmt.Println(context.WithValue(c, 1, 1).Done() == c.Done(), c.Done() == c.Done())
	},
	"without_cancel": func() {
		a, cancel := context.WithTimeout(context.WithValue(bg, 1, "one"), time.Hour)
		b := context.WithoutCancel(a)
		c, cancelC := context.WithCancel(b)
		cancel()
		_, ok := b.Deadline()
		fmt.Println(a.Err(), b.Err(), c.Err(), ok, b.Done() == nil, b.Value(1), context.Cause(b))
		cancelC()
		fmt.Println(c.Err())
	},
	"after_func": func() {
		ctx, cancel := context.WithCancel(bg)
		context.AfterFunc(ctx, func() { fmt.Println("after", ctx.Err()) })
		stop := context.AfterFunc(ctx, func() { fmt.Println("never") })
		fmt.Println(stop(), stop(), runtime.NumGoroutine())
		cancel()
		fmt.Println("canceled", runtime.NumGoroutine())
		time.Sleep(ms)
		stop = context.AfterFunc(ctx, func() { fmt.Println("at once") })
		fmt.Println(stop(), runtime.NumGoroutine())
		time.Sleep(ms)
		fmt.Println(runtime.NumGoroutine())
	},
	"after_func_of_a_timeout": func() {
		ctx, cancel := context.WithTimeout(bg, 10*ms)
		defer cancel()
		done := make(chan bool)
		context.AfterFunc(ctx, func() { fmt.Println(ctx.Err()); close(done) })
		<-done
	},
	"a_custom_parent_costs_a_goroutine": func() {
		parent := &custom{done: make(chan struct{})}
		a, cancelA := context.WithCancel(parent)
		b, cancelB := context.WithTimeout(a, time.Hour)
		defer cancelB()
		fmt.Println(runtime.NumGoroutine())
		time.Sleep(ms)
		cancelA()
		time.Sleep(ms)
		fmt.Println(runtime.NumGoroutine(), a.Err(), b.Err())
		c, cancelC := context.WithCancel(parent)
		defer cancelC()
		fmt.Println(runtime.NumGoroutine())
		parent.err = errors.New("gone")
		close(parent.done)
		time.Sleep(ms)
		fmt.Println(runtime.NumGoroutine(), c.Err(), context.Cause(c))
		d, cancelD := context.WithCancel(parent)
		defer cancelD()
		fmt.Println(runtime.NumGoroutine(), d.Err())
	},
	"a_wrapper_costs_none": func() {
		a, cancelA := context.WithCancelCause(bg)
		b, cancelB := context.WithCancel(wrapper{context.WithValue(wrapper{a}, 1, 2)})
		defer cancelB()
		c, cancelC := context.WithCancel(&masked{a, make(chan struct{})})
		fmt.Println(runtime.NumGoroutine())
		cancelA(errors.New("why"))
		fmt.Println(b.Err(), context.Cause(b), c.Err())
		cancelC()
		time.Sleep(ms)
		fmt.Println(runtime.NumGoroutine(), c.Err())
	},
	"a_parent_that_calls_back": func() {
		parent := &caller{custom: custom{done: make(chan struct{})}}
		a, cancelA := context.WithCancel(parent)
		fmt.Println(runtime.NumGoroutine(), a.Err())
		cancelA()
		fmt.Println(parent.stopped, a.Err())
		b, cancelB := context.WithTimeout(parent, time.Hour)
		parent.err = errors.New("gone")
		parent.f()
		fmt.Println(parent.stopped, b.Err(), context.Cause(b), a.Err())
		cancelB()
		fmt.Println(parent.stopped)
	},
	"misuse": func() {
		panics(func() { context.WithCancel(nil) })
		panics(func() { context.WithTimeout(nil, 1) })
		panics(func() { context.WithoutCancel(nil) })
		panics(func() { context.WithValue(nil, 1, 2) })
		panics(func() { context.WithValue(bg, nil, 2) })
		panics(func() { context.WithValue(bg, []int{}, 2) })
	},
	"who_wakes_first": func() {
		a, cancel := context.WithCancel(bg)
		b, cancelB := context.WithCancel(a)
		defer cancelB()
		for i := 0; i < 3; i++ {
			go func(i int) { <-a.Done(); fmt.Println("a", i, b.Err()) }(i)
			go func(i int) { <-b.Done(); fmt.Println("b", i) }(i)
		}
		time.Sleep(20 * ms)
		cancel()
		time.Sleep(20 * ms)
	},
	"polling": func() {
		ctx, cancel := context.WithTimeout(bg, 10*ms)
		defer cancel()
		for ctx.Err() == nil {
			runtime.Gosched()
		}
		fmt.Println(ctx.Err())
	},
	"names": func() {
		a, cancelA := context.WithCancel(context.TODO())
		b, cancelB := context.WithCancelCause(context.WithValue(a, "user", "ann"))
		c := context.WithValue(context.WithoutCancel(b), 1, 2)
		d, cancelD := context.WithDeadline(a, time.Now().Add(time.Hour))
		e, cancelE := context.WithTimeout(d, 2*time.Hour)
		f, cancelF := context.WithCancel(wrapper{bg})
		g, cancelG := context.WithCancel(&custom{})
		fmt.Println(bg, a, b)
		fmt.Println(c)
		fmt.Println(len(fmt.Sprint(d)) > 60, strings.HasSuffix(fmt.Sprint(e), "]).WithCancel"))
		fmt.Println(f, g, context.WithValue(bg, key2("k"), nil))
		cancelA()
		cancelB(nil)
		cancelD()
		cancelE()
		cancelF()
		cancelG()
	},
}

type key2 string

func (k key2) String() string { return "<" + string(k) + ">" }

func main() {
	names := os.Args[1:]
	if len(names) == 0 {
		for name := range rows {
			names = append(names, name)
		}
		sort.Strings(names)
	}
	for _, name := range names {
		fmt.Println("==", name)
		rows[name]()
	}
}
