package main

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Print("[closed]")
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func pairs[K comparable, V any](ks []K, vs []V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for i, k := range ks {
			if !yield(k, vs[i]) {
				return
			}
		}
	}
}

func filter[T any](s iter.Seq[T], ok func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for x := range s {
			if ok(x) && !yield(x) {
				return
			}
		}
	}
}

func bad(yield func(int) bool) {
	yield(1)
	yield(2)
}

func swallow(yield func(int) bool) {
	defer func() { fmt.Print("{", recover(), "}") }()
	yield(1)
}

var leak func(int) bool

func leaky(yield func(int) bool) {
	leak = yield
	yield(1)
}

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func find(n int) (r int, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("%v", e)
		}
	}()
	for x := range count(100) {
		for y := range count(100) {
			if x*y == n {
				return x, nil
			}
			if y > 3 {
				break
			}
			if x == 7 {
				panic("seven")
			}
		}
	}
	return -1, nil
}

func nestedDefers() {
	for x := range count(2) {
		defer fmt.Println("outer defer", x)
		for y := range count(2) {
			defer func() { fmt.Println("inner defer", x, y) }()
		}
	}
	fmt.Println("body done")
}

func capture() []func() int {
	var fs []func() int
	for x := range count(3) {
		n := x * 10
		fs = append(fs, func() int { n++; return n + x })
	}
	return fs
}

func labels() {
	total := 0
outer:
	for x := range count(5) {
		for y := range count(5) {
			switch {
			case y == 2:
				continue outer
			case x == 3:
				break outer
			}
			total += x*10 + y
		}
	}
	fmt.Println("total", total)
}

func main() {
	for x := range filter(count(6), func(i int) bool { return i%2 == 0 }) {
		fmt.Print(x, " ")
	}
	fmt.Println()
	for k, v := range pairs([]string{"a", "b"}, []int{1, 2}) {
		fmt.Print(k, v, " ")
	}
	fmt.Println(find(6))
	fmt.Println(find(1000))
	nestedDefers()
	for _, f := range capture() {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
	labels()
	try("bad", func() {
		for x := range bad {
			if x == 1 {
				break
			}
		}
	})
	try("swallow", func() {
		for range swallow {
			panic("body")
		}
		fmt.Println("not here")
	})
	try("leaky", func() {
		for range leaky {
		}
		leak(3)
	})
	try("panic", func() {
		for x := range count(3) {
			if x == 1 {
				panic("p")
			}
		}
	})
	m := map[string]int{"x": 1, "y": 2}
	fmt.Println(slices.Sorted(maps.Keys(m)))
	next, stop := iter.Pull(count(3))
	fmt.Println(next())
	fmt.Println(next())
	stop()
	fmt.Println(next())
	for range count(0) {
	}
	for i := range 3 {
		func() {
			for x := range count(3) {
				if x == i {
					return
				}
			}
		}()
	}
	fmt.Println()
	var nilseq iter.Seq[int]
	for range nilseq {
	}
}
