//go:build go1.21

package main

import "fmt"

type Shape interface {
	Area() float64
	Perimeter() float64
}

type named struct{ Name string }

func (n *named) SetName(s string) { n.Name = s }
func (n named) Hello() string     { return "hello " + n.Name }

type rect struct {
	named
	w, h float64
}

func (r rect) Area() float64      { return r.w * r.h }
func (r rect) Perimeter() float64 { return 2 * (r.w + r.h) }

type logger interface{ log(string) }
type base struct{ logs []string }

func (b *base) log(s string) { b.logs = append(b.logs, s) }

type svc struct {
	logger
	*base
	children [2]rect
	m        map[string]*rect
}

type tree[K any] struct {
	l, r *tree[K]
	k    K
	cmp  func(a, b K) int
}

func (t *tree[K]) insert(k K) *tree[K] {
	if t == nil {
		return &tree[K]{k: k}
	}
	return t
}

func (t *tree[K]) walk(f func(K)) {
	if t != nil {
		t.l.walk(f)
		f(t.k)
		t.r.walk(f)
	}
}

func build[K any](less func(a, b K) bool, ks ...K) (root *tree[K]) {
	for _, k := range ks {
		p := &root
		for *p != nil {
			if less(k, (*p).k) {
				p = &(*p).l
			} else {
				p = &(*p).r
			}
		}
		*p = &tree[K]{k: k}
	}
	return
}

type celsius float64

func (c celsius) String() string { return fmt.Sprintf("%.1f°C", float64(c)) }

type fn func(int) int

func (f fn) twice(x int) int { return f(f(x)) }

func apply[T, R any](x T, fs ...func(T) R) (rs []R) {
	for _, f := range fs {
		rs = append(rs, f(x))
	}
	return
}

func modify(a [3]int, s []int, m map[int]int, p *[3]int, r rect) {
	a[0], s[0], m[0], p[0], r.w = 100, 100, 100, 100, 100
}

const (
	A = iota * 10
	B
	C
	_
	D
)

type bits uint8

const (
	F0 bits = 1 << iota
	F1
	F2
)

func main() {
	r := rect{named{"r"}, 2, 3}
	r.SetName("rr")
	var s Shape = r
	r.w = 10
	fmt.Println(s.Area(), r.Area(), r.Hello(), s.(rect).named.Hello())
	b := &base{}
	sv := svc{logger: b, m: map[string]*rect{}}
	sv.logger.log("x")
	sv.m["a"] = &r
	sv.m["a"].h = 9
	sv.children[1] = r
	sv.children[1].w++
	c := sv.children
	c[0].w = 5
	fmt.Println(len(b.logs), r.h, sv.children[1].w, r.w, sv.children[0].w)
	root := build(func(a, b string) bool { return a < b }, "m", "c", "x", "a")
	root.walk(func(s string) { fmt.Print(s, " ") })
	fmt.Println(celsius(36.6), []celsius{1, 2}, map[string]celsius{"x": 3})
	f := fn(func(x int) int { return x*2 + 1 })
	fmt.Println(f.twice(3), apply(5, func(i int) string { return fmt.Sprint(i) }))
	a, sl, m := [3]int{1, 2, 3}, []int{1, 2}, map[int]int{}
	var p [3]int
	modify(a, sl, m, &p, r)
	fmt.Println(a, sl, m, p, r.w)
	fmt.Println(A, B, C, D, F0|F2, F1)
	funcs := map[string]func(...int) int{
		"sum": func(xs ...int) (t int) {
			for _, x := range xs {
				t += x
			}
			return
		},
		"len": func(xs ...int) int { return len(xs) },
	}
	fmt.Println(funcs["sum"](1, 2, 3), funcs["len"]())
	var grid [3][4]int
	for i := range grid {
		for j := range grid[i] {
			grid[i][j] = i * j
		}
	}
	g2 := grid
	g2[2][3] = 99
	row := grid[2]
	row[0] = -1
	fmt.Println(grid, g2[2], row)
	type pt struct{ x, y int }
	seen := map[pt]bool{{1, 2}: true}
	pts := []pt{{1, 2}, {3, 4}}
	for _, q := range pts {
		q.x = 50
		fmt.Print(seen[q], seen[pt{1, 2}], " ")
	}
	for i := range pts {
		q := &pts[i]
		q.x *= 2
	}
	fmt.Println(pts)
	var e interface{ Hello() string } = &r
	if h, ok := e.(interface{ SetName(string) }); ok {
		h.SetName("via iface")
	}
	fmt.Println(e.Hello())
	x := 5
	ptr := &x
	inc := func() { *ptr++ }
	inc()
	x++
	fmt.Println(*ptr, x)
	ch := make(chan func() string, 1)
	ch <- r.Hello
	r.Name = "changed"
	fmt.Println((<-ch)())
	bs := []byte("hello")
	copy(bs[1:], "EY")
	fmt.Println(string(bs), min(3, 1, 2), max(2.5, 1))
	clear(m)
	fmt.Println(len(m))
	lbl := 0
	defer func(n int) { fmt.Println("deferred with", n, lbl) }(lbl)
	lbl = 7
	var iface any = celsius(1)
	switch v := iface.(type) {
	case fmt.Stringer:
		fmt.Println("stringer", v)
	}
	fmt.Printf("%T %T %v\n", root, funcs["sum"], [2]bool{true})
	var np *rect
	fmt.Println(np.Area())
}
