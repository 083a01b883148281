package main

import "fmt"

type R struct{ m [2][2]int }
type Q struct {
	r  R
	rs [2]R
}

var glob [2][2]int

func main() {
	var g [2][2]int
	p := &g[1]
	g = [2][2]int{{9, 9}, {8, 8}}
	fmt.Println(*p)
	p[0] = 1
	fmt.Println(g)
	pg := &glob[0]
	glob = g
	fmt.Println(*pg)
	var q Q
	pr := &q.rs[1].m[0]
	q = Q{rs: [2]R{{}, {[2][2]int{{5, 6}}}}}
	fmt.Println(*pr)
	q.rs[1] = R{}
	fmt.Println(*pr)
	q.rs = [2]R{{}, {[2][2]int{{7, 7}}}}
	fmt.Println(*pr)
	s := []R{{}, {}}
	ps := &s[1].m[1]
	s[1] = R{[2][2]int{{}, {3, 4}}}
	fmt.Println(*ps)
	s[0], s[1] = s[1], s[0]
	fmt.Println(*ps, s)
	m := map[string]R{"a": s[0]}
	r := m["a"]
	r.m[1][1] = 99
	fmt.Println(m, r)
	for i, row := range g {
		row[0] = 100
		g[i][1] = row[0] + i
	}
	fmt.Println(g)
	arr := [2][]int{{1}, {2}}
	brr := arr
	brr[0][0] = 5
	brr[1] = nil
	fmt.Println(arr, brr)
	pp := &arr
	pp[1] = append(pp[1], 3)
	crr := *pp
	crr[0] = nil
	fmt.Println(arr, crr, len(pp))
	func(x [2][2]int) { x[0][0] = -1 }(g)
	fmt.Println(g)
	f := func() [2][2]int { return g }
	h := f()
	h[0][0] = -5
	fmt.Println(g, h)
	var e any = g
	g[0][0] = 77
	fmt.Println(e.([2][2]int)[0], e == any(g))
	ch := make(chan [2][2]int, 1)
	ch <- g
	g[0][0] = 78
	fmt.Println((<-ch)[0][0])
	type T struct{ a, b *[2]int }
	t := T{&g[0], &g[1]}
	t.a, t.b = t.b, t.a
	t.a[0] = 1234
	fmt.Println(g)
	*t.a, *t.b = *t.b, *t.a
	fmt.Println(g)
	defer func(v [2][2]int) { fmt.Println("d", v) }(g)
	g[0][0] = 0
}
