package main

import "fmt"

type T struct {
	a int
	b [2]int
}

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, r)
		}
	}()
	f()
}
func main() {
	var s []int
	last := -1
	for i := 0; i < 3000; i++ {
		s = append(s, i)
		if cap(s) != last {
			last = cap(s)
			fmt.Print(last, " ")
		}
	}
	fmt.Println()
	var ss []string
	last = -1
	for i := 0; i < 600; i++ {
		ss = append(ss, "x")
		if cap(ss) != last {
			last = cap(ss)
			fmt.Print(last, " ")
		}
	}
	fmt.Println()
	var bs []byte
	last = -1
	for i := 0; i < 5000; i++ {
		bs = append(bs, byte(i))
		if cap(bs) != last {
			last = cap(bs)
			fmt.Print(last, " ")
		}
	}
	fmt.Println()
	a := []int{1, 2, 3, 4, 5}
	b := a[1:3]
	c := a[1:3:3]
	b = append(b, 99)
	c = append(c, 100)
	fmt.Println(a, b, c, len(b), cap(b), len(c), cap(c))
	b[0] = -1
	fmt.Println(a, b, c)
	fmt.Println(copy(a, a[2:]), a, copy(a[1:], a), a)
	d := append([]int(nil), a...)
	d[0] = 1000
	fmt.Println(a[0], d[0], d == nil, s == nil, len(d[:0]), cap(d[2:]))
	var nilS []int
	fmt.Println(nilS == nil, len(nilS), cap(nilS), nilS[0:0] == nil, append(nilS, nilS...) == nil)
	fmt.Println(append([]byte("ab"), "cd"...), string(append([]byte("ab"), 'x')))
	ts := make([]T, 2, 5)
	p := &ts[0]
	p.a = 5
	ts[1] = ts[0]
	ts[1].b[1] = 7
	fmt.Println(ts, *p)
	ts = append(ts, T{a: 3})
	p.a = 6
	fmt.Println(ts[0].a)
	ts = append(ts, T{}, T{}, T{}, T{})
	p.a = 8
	fmt.Println(ts[0].a, p.a, len(ts))
	for _, t := range ts {
		t.a = 100
	}
	for i := range ts {
		ts[i].a += i
	}
	fmt.Println(ts)
	x := ts[0]
	x.b[0] = 42
	fmt.Println(ts[0].b, x.b)
	arr := [3]int{1, 2, 3}
	arr2 := arr
	arr2[0] = 9
	fmt.Println(arr, arr2, arr == arr2, arr == [3]int{1, 2, 3})
	sl := arr[:]
	sl[1] = 77
	fmt.Println(arr, len(arr), sl)
	pa := &arr
	pa[2] = 5
	for i, v := range pa {
		fmt.Print(i, v, ";")
	}
	fmt.Println(len(pa))
	pe := &arr[1]
	*pe = 3
	fmt.Println(arr, *pe)
	m := [][]int{{1}, {2, 3}, nil}
	m[0] = append(m[0], 5)
	m[2] = append(m[2], 6)
	fmt.Println(m)
	keyed := [...]string{2: "c", 0: "a", 4: "e"}
	fmt.Printf("%q %d\n", keyed, len(keyed))
	sp := []int{5: 1, 2, 1: 7}
	fmt.Println(sp, len(sp))
	idx := 5
	try("a", func() { fmt.Println(a[idx]) })
	try("b", func() { idx = -1; fmt.Println(a[idx]) })
	try("c", func() { idx = 10; fmt.Println(a[:idx]) })
	try("d", func() { idx = 4; j := 2; fmt.Println(a[idx:j]) })
	try("e", func() { idx = -4; fmt.Println(a[idx:]) })
	try("f", func() { idx = 40; fmt.Println(a[idx:]) })
	try("g", func() { idx = 40; fmt.Println(a[1:2:idx]) })
	try("h", func() { idx = 4; fmt.Println(a[1:5:idx]) })
	try("i", func() { idx = 4; fmt.Println(a[idx:3:5]) })
	try("j", func() { idx = 40; fmt.Println("hello"[idx]) })
	try("k", func() { idx = 40; fmt.Println("hello"[:idx]) })
	try("l", func() { idx = 40; fmt.Println("hello"[idx:]) })
	try("m", func() { idx = 40; fmt.Println(arr[idx%7]) })
	try("n", func() { idx = -1; fmt.Println(make([]int, idx)) })
	try("o", func() { idx = 1; fmt.Println(make([]int, 2, idx)) })
	try("p", func() { var pp *[3]int; fmt.Println(pp[1]) })
	try("q", func() { fmt.Println([4]int(a[:2])) })
	try("r", func() { idx = 10; a[idx] = 1 })
	try("s", func() { idx = 10; a[idx]++ })
	try("t", func() { var q *T; q.a = 1 })
	try("u", func() { var q *T; fmt.Println(q.a) })
	try("v", func() { var q *T; fmt.Println(*q) })
	try("w", func() { var q *int; *q = 1 })
	try("x", func() { var f func(); f() })
	try("y", func() { var e error; fmt.Println(e.Error()) })
	clear(a)
	fmt.Println(a)
	a4 := [4]int(append(a, 1)[2:])
	fmt.Println(a4)
	p4 := (*[2]int)(a)
	p4[1] = 8
	fmt.Println(a, *p4)
	grid := [3][3]int{}
	g2 := grid
	g2[1][1] = 5
	fmt.Println(grid, g2)
	row := g2[1]
	row[0] = 1
	fmt.Println(g2, row)
	pg := &g2[1]
	pg[2] = 9
	fmt.Println(g2)
	big := make([]int, 0, 10)
	b1 := append(big, 1)
	b2 := append(big, 2)
	fmt.Println(b1, b2, big[:3])
	str := "hello, 世界"
	fmt.Println(len(str), str[7], str[7:10], str[:5]+"!", str > "hello", str[len(str)-1])
}
