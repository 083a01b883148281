// Iterators, pushed and pulled.
package main

import (
	"errors"
	"fmt"
	"iter"
	"runtime"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Println("count ends")
		for i := range n {
			if !yield(i) {
				fmt.Println("stopped at", i)
				return
			}
		}
	}
}

func enumerate(words ...string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i, w := range words {
			if !yield(i, w) {
				return
			}
		}
	}
}

func zip[A, B any](a iter.Seq[A], b iter.Seq[B]) iter.Seq2[A, B] {
	return func(yield func(A, B) bool) {
		next, stop := iter.Pull(b)
		defer stop()
		for x := range a {
			y, ok := next()
			if !ok || !yield(x, y) {
				return
			}
		}
	}
}

func main() {
	next, stop := iter.Pull(count(3))
	for {
		v, ok := next()
		fmt.Println(v, ok)
		if !ok {
			break
		}
	}
	fmt.Println(next())
	stop()
	fmt.Println("goroutines:", runtime.NumGoroutine())

	next, stop = iter.Pull(count(5))
	fmt.Println(next())
	fmt.Println(next())
	fmt.Println("goroutines:", runtime.NumGoroutine())
	stop()
	stop()
	fmt.Println(next())
	fmt.Println("goroutines:", runtime.NumGoroutine())

	_, stop = iter.Pull(count(2))
	stop() // the sequence never begins
	fmt.Println("goroutines:", runtime.NumGoroutine())

	next2, stop2 := iter.Pull2(enumerate("a", "b"))
	fmt.Println(next2())
	fmt.Println(next2())
	fmt.Println(next2())
	stop2()

	for a, b := range zip(count(4), count(2)) {
		fmt.Println("zip", a, b)
	}

	bad := errors.New("bad")
	next, stop = iter.Pull(func(yield func(int) bool) {
		yield(1)
		panic(bad)
	})
	fmt.Println(next())
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		next()
	}()
	fmt.Println(next())
	stop()

	next, stop = iter.Pull(func(yield func(int) bool) {
		for yield(1) {
		}
		panic("in stop")
	})
	next()
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		stop()
	}()

	// The sequence may wait for other goroutines.
	ch := make(chan int)
	go func() {
		for i := range 3 {
			ch <- i * i
		}
		close(ch)
	}()
	next, stop = iter.Pull(func(yield func(int) bool) {
		for v := range ch {
			if !yield(v) {
				return
			}
		}
	})
	defer stop()
	for v, ok := next(); ok; v, ok = next() {
		fmt.Println("from channel", v)
	}

	done := make(chan bool)
	go func() {
		defer close(done)
		defer fmt.Println("goexit came through", recover())
		next, _ := iter.Pull(func(yield func(int) bool) { runtime.Goexit() })
		next()
		fmt.Println("not reached")
	}()
	<-done
	var early func() (int, bool)
	early, stop = iter.Pull(func(yield func(int) bool) {
		defer func() { fmt.Println("inner", recover()) }()
		early()
	})
	func() {
		defer func() { fmt.Println("outer", recover()) }()
		fmt.Println(early())
	}()
	fmt.Println("goroutines:", runtime.NumGoroutine())
}
