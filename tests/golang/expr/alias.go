package main

import (
	"fmt"
	"sort"
)

type P struct{ X, Y int }
type N struct {
	P
	A  [2]P
	M  map[string]P
	S  []P
	I  any
	Q  *P
	AA [2][2]int
}

func (p P) moved() P        { p.X += 100; return p }
func (p *P) move()          { p.X++ }
func (n N) change() N       { n.A[0].X = -1; n.P.Y = -2; n.AA[1][1] = 5; return n }
func (n *N) first() *P      { return &n.A[0] }
func byVal(n N)             { n.A[1].X = 99; n.S[0].X = 77; n.M["k"] = P{9, 9} }
func arr(a [2]P) [2]P       { a[0].X = 50; return a }
func ret(n *N) (P, [2]P)    { return n.P, n.A }
func variadic(ps ...P)      { ps[0].X = 1000 }
func ptrs(ps []*P) (s int) {
	for _, p := range ps {
		p.X *= 2
		s += p.X
	}
	return
}

type Shape interface{ Get() int }

func (p P) Get() int { return p.X }

type byX []P

func (b byX) Len() int           { return len(b) }
func (b byX) Less(i, j int) bool { return b[i].X < b[j].X }
func (b byX) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

func main() {
	n := N{P: P{1, 2}, A: [2]P{{3, 4}, {5, 6}}, M: map[string]P{"k": {7, 8}}, S: []P{{9, 10}, {11, 12}}}
	m := n
	m.X, m.A[0].X, m.S[0].X = 10, 30, 90
	m.M["k"] = P{70, 80}
	fmt.Println(n.P, n.A, n.M, n.S, m.P, m.A)
	fmt.Println(n.change().A, n.A, n.P, n.AA)
	byVal(n)
	fmt.Println(n.A, n.S, n.M)
	fmt.Println(arr(n.A), n.A)
	p, a := ret(&n)
	p.X, a[0].X = -7, -8
	fmt.Println(n.P, n.A, p, a)
	fp := n.first()
	fp.X = 123
	fmt.Println(n.A, *fp)
	n.A = [2]P{{1, 1}, {2, 2}}
	fmt.Println(*fp)
	n.A[0] = P{6, 6}
	fmt.Println(*fp)
	pp := &n.P
	n.P = P{44, 45}
	fmt.Println(*pp, n.X)
	*pp = P{1, 2}
	fmt.Println(n.X, n.moved(), n.P)
	n.move()
	fmt.Println(n.X)
	s := []P{{3, 0}, {1, 1}, {2, 2}}
	q := &s[0]
	s[0], s[1] = s[1], s[0]
	fmt.Println(s, *q)
	sort.Sort(byX(s))
	fmt.Println(s, *q)
	sort.Slice(s, func(i, j int) bool { return s[i].X > s[j].X })
	fmt.Println(s, *q)
	t := append(s[:1:1], s...)
	t[0].X = 55
	fmt.Println(s, t)
	copy(s[1:], s)
	fmt.Println(s)
	s = append(s, s[0])
	s[0].X = 66
	fmt.Println(s)
	for i, v := range s {
		v.X = 0
		s[i].Y = v.X + i
	}
	fmt.Println(s)
	variadic(s...)
	fmt.Println(s[0])
	variadic(s[0], s[1])
	fmt.Println(s[0])
	x := *q
	x.X = -1
	fmt.Println(*q)
	y := &x
	z := *y
	y.X = -5
	fmt.Println(x, z)
	var i any = x
	x.X = 8
	fmt.Println(i, x)
	j := i.(P)
	j.X = 9
	fmt.Println(i, j)
	var sh Shape = x
	x.X = 10
	fmt.Println(sh.Get(), x.Get())
	sh = &x
	x.X = 11
	fmt.Println(sh.Get())
	f := x.Get
	g := (&x).move
	x.X = 12
	g()
	fmt.Println(f(), x.X)
	defer fmt.Println("deferred", x, &x == y)
	x.X = 13
	mp := map[string]P{"a": x}
	x.X = 14
	v := mp["a"]
	v.X = 15
	fmt.Println(mp, v)
	mp["b"] = mp["a"]
	ma := map[int][2]int{1: {1, 2}}
	w := ma[1]
	w[0] = 100
	fmt.Println(ma, w)
	ch := make(chan [2]P, 2)
	ch <- n.A
	n.A[0].X = 500
	got := <-ch
	got[1].X = 600
	fmt.Println(got, n.A)
	cl := func() P { x.X++; return x }
	r1 := cl()
	r2 := cl()
	r1.X += 1000
	fmt.Println(r1, r2, x)
	ps := []*P{&s[0], &x, q, new(P)}
	fmt.Println(ptrs(ps), s[0], x)
	grid := [3][3]int{{1}, {2}, {3}}
	row := grid[0]
	row[0] = 9
	pr := &grid[1]
	pr[2] = 8
	grid2 := grid
	grid[1][2] = 7
	fmt.Println(grid, grid2, row, *pr)
	for _, r := range grid {
		r[0] = 0
	}
	for i := range grid {
		grid[i][0]++
	}
	fmt.Println(grid)
	sl := grid[1][:]
	sl[0] = 42
	fmt.Println(grid, len(sl), cap(sl))
	lit := []N{n, {P: x}}
	lit[0].X = 1
	lit[1].P.X = 2
	fmt.Println(n.X, x.X, lit[0].X, lit[1].X)
	ptrN := &lit[0]
	ptrN.A, ptrN.AA[0] = [2]P{}, [2]int{1, 2}
	fmt.Println(lit[0].A, lit[0].AA)
	st := struct {
		a, b P
	}{x, x}
	st.a.X = 3
	st.a, st.b = st.b, st.a
	fmt.Println(st, x)
	e1, e2 := any(st.a), any(st.b)
	fmt.Println(e1 == e2, e1 == any(st.a), [2]any{1, "a"} == [2]any{1, "a"})
	switch (P{1, 2}) {
	case P{1, 2}:
		fmt.Println("same")
	}
	type W struct {
		in *W
		v  P
	}
	w1 := W{v: P{1, 1}}
	w2 := W{&w1, P{2, 2}}
	w1.v.X = 9
	w3 := *w2.in
	w3.v.X = 10
	w2.in.v.Y = 11
	fmt.Println(w1.v, w2.in.v, w3.v)
	func(a [2]P, p P) { a[0].X++; p.X++ }(n.A, n.P)
	fmt.Println(n.A, n.P)
	h := func(n N) func() int { return func() int { n.X++; return n.X } }(n)
	h()
	fmt.Println(h(), n.X)
	go func(p P) { p.X = 0 }(x)
	res := make([][]P, 2)
	for i := range res {
		res[i] = append(res[i], x)
		x.X++
	}
	fmt.Println(res, x)
	b := [...]struct{ p *P }{{&x}}
	c := b
	c[0].p.X = 321
	fmt.Println(x.X, b == c)
}
