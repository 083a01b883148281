package main

import "fmt"

type C struct{ n int }

func (c *C) inc() int { c.n++; return c.n }

var g int

func bump() int { g++; return g }

func main() {
	c := &C{}
	fmt.Println(c.n, c.inc(), c.n, c.inc(), c.n)
	var v C
	fmt.Println(v.n, v.inc(), v.n)
	fmt.Println(g, bump(), g)
	x := 0
	f := func() int { x++; return x }
	fmt.Println(x, f(), x)
	a := []int{1, 2, 3}
	h := func() int { a[0] = 9; return 0 }
	fmt.Println(a[0], h(), a[0])
	b := []int{1, 2, 3}
	k := func() int { b = []int{7}; return 0 }
	fmt.Println(len(b), k(), len(b))
	y := []int{g, bump(), g}
	fmt.Println(y)
	z := x + f() + x
	fmt.Println(z)
	var arr [3]int
	i := 0
	next := func() int { i++; return i }
	arr[i] = next()
	fmt.Println(arr)
	p, q := g, bump()
	fmt.Println(p, q)
	m := map[string]int{"a": g, "b": bump(), "c": g}
	fmt.Println(m)
	s := struct{ A, B, C int }{g, bump(), g}
	fmt.Println(s)
	fn := func(a, b, c int) { fmt.Println(a, b, c) }
	fn(g, bump(), g)
	fn(c.n, c.inc(), c.n)
	fn(x, f(), x)
	w := 1
	inc := func() int { w++; return w }
	fn(w, inc(), w)
	ret := func() (int, int) { return w, inc() }
	fmt.Println(ret())
}

type acc struct{ sum int }

func (a *acc) add(n int) int { a.sum += n; return a.sum }

func init() {
	a := &acc{}
	fmt.Println(a.sum + a.add(1)*10 + a.sum)
	fmt.Println(a.sum == a.add(1))
	fmt.Println(a.add(1) == a.sum)
	pair := func() (int, int) { return a.sum, a.add(5) }
	fmt.Println(pair())
	arr := [3]int{a.sum, a.add(1), a.sum}
	st := struct{ X, Y int }{Y: a.add(1), X: a.sum}
	fmt.Println(arr, st)
	x, y, z := a.sum, a.add(1), a.sum
	fmt.Println(x, y, z)
	ch := make(chan int, 1)
	ch <- 4
	p := &g
	recv := func() int { *p = 40; return <-ch }
	fmt.Println(*p, recv(), g)
	var s []int
	push := func(n int) int { s = append(s, n); return len(s) }
	fmt.Println(s, push(1), s, push(2), s)
	name := "a"
	rename := func() string { name += "b"; return name }
	fmt.Println(name + rename() + name)
	fmt.Println(name < rename())
}
