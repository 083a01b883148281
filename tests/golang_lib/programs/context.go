package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

type key string

type mine struct {
	context.Context
	extra string
}

func (m mine) Value(k any) any {
	if k == key("mine") {
		return m.extra
	}
	return m.Context.Value(k)
}

func try(f func()) {
	defer func() {
		if x := recover(); x != nil {
			fmt.Println("panic:", x)
		}
	}()
	f()
}

func main() {
	bg := context.Background()
	fmt.Println(bg, context.TODO(), bg.Err(), bg.Done() == nil, bg.Value("x"))
	ctx, cancel := context.WithCancel(bg)
	fmt.Println(ctx, ctx.Err())
	child, cancelChild := context.WithTimeout(ctx, time.Hour)
	defer cancelChild()
	_, ok := child.Deadline()
	fmt.Println(ok)
	cancel()
	<-child.Done()
	fmt.Println(ctx.Err(), child.Err(), context.Cause(child), errors.Is(child.Err(), context.Canceled))
	cancel()

	c2, stop := context.WithTimeout(bg, 20*time.Millisecond)
	defer stop()
	select {
	case <-c2.Done():
		fmt.Println(c2.Err(), errors.Is(c2.Err(), context.DeadlineExceeded), c2.Err() == context.DeadlineExceeded)
	case <-time.After(time.Second):
		fmt.Println("late")
	}
	var te interface{ Timeout() bool }
	fmt.Println(errors.As(c2.Err(), &te) && te.Timeout())

	c3, cause := context.WithCancelCause(bg)
	boom := errors.New("boom")
	cause(boom)
	fmt.Println(c3.Err(), context.Cause(c3) == boom)
	c4, s4 := context.WithDeadlineCause(bg, time.Now().Add(-time.Second), boom)
	defer s4()
	fmt.Println(c4.Err(), context.Cause(c4))
	c5, s5 := context.WithTimeoutCause(bg, time.Millisecond, boom)
	defer s5()
	<-c5.Done()
	fmt.Println(c5.Err(), context.Cause(c5))

	v := context.WithValue(bg, key("a"), 1)
	v = context.WithValue(v, key("b"), "two")
	fmt.Println(v.Value(key("a")), v.Value(key("b")), v.Value("a"), v.Value(key("c")))
	fmt.Println(v)
	w := context.WithoutCancel(ctx)
	fmt.Println(w, w.Err(), w.Done() == nil)

	m := mine{v, "extra"}
	below, stopBelow := context.WithCancel(context.WithValue(m, key("c"), 3))
	fmt.Println(below.Value(key("mine")), below.Value(key("a")), below.Value(key("c")))
	stopBelow()
	fmt.Println(below.Err(), m.Err())

	parent, stopParent := context.WithCancel(bg)
	own := mine{parent, ""}
	under, stopUnder := context.WithCancel(own)
	defer stopUnder()
	stopParent()
	<-under.Done()
	fmt.Println(under.Err())

	c6, s6 := context.WithCancel(bg)
	called := make(chan string)
	stopped := context.AfterFunc(c6, func() { called <- "called" })
	s6()
	fmt.Println(<-called, stopped())
	c7, s7 := context.WithCancel(bg)
	off := context.AfterFunc(c7, func() { fmt.Println("never") })
	fmt.Println(off(), off())
	s7()

	try(func() { context.WithCancel(nil) })
	try(func() { context.WithValue(bg, nil, 1) })
	try(func() { context.WithValue(bg, []int{1}, 1) })

	work, end := context.WithCancel(bg)
	results := make(chan int)
	for i := 0; i < 3; i++ {
		go func() {
			<-work.Done()
			results <- i
		}()
	}
	end()
	sum := 0
	for i := 0; i < 3; i++ {
		sum += <-results
	}
	fmt.Println(sum)
	var cf context.CancelFunc = func() { fmt.Println("own cancel") }
	cf()
}
