package main

import "fmt"

type S struct{ a, b int }

func structLoop() {
	var fs []func() S
	for s := (S{0, 1}); s.a < 3; s.a++ {
		fs = append(fs, func() S { s.b += 10; return s })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	var gs []func() [2]int
	for a := [2]int{}; a[0] < 2; a[0]++ {
		gs = append(gs, func() [2]int { a[1]++; return a })
	}
	for _, g := range gs {
		fmt.Print(g(), g(), " ")
	}
	var ps []*S
	for _, s := range []S{{1, 2}, {3, 4}} {
		ps = append(ps, &s)
		s.a *= 100
	}
	fmt.Println(*ps[0], *ps[1])
}

func deep() {
	x := 0
	f := func() func() func() int {
		y := 10
		return func() func() int {
			z := 100
			return func() int {
				x++
				y += 2
				z += 3
				return x + y + z
			}
		}
	}
	a, b := f()(), f()()
	fmt.Println(a(), a(), b(), x)
}

func loopNest() {
	var fs []func()
	for i := 0; i < 2; i++ {
		for j := 0; j < 2; j++ {
			k := i*10 + j
			fs = append(fs, func() {
				k++
				inner := func() { k++; fmt.Print(i, j, k, " ") }
				inner()
				i := i + 5
				fmt.Print(i, ";")
			})
		}
	}
	for _, f := range fs {
		f()
		f()
	}
	fmt.Println()
}

func modLoop() {
	for i := 0; i < 6; i++ {
		i++
		defer func() { fmt.Print("md", i, " ") }()
	}
	for i := 0; i < 3; i++ {
		p := &i
		if *p == 1 {
			*p = 2
		}
		fmt.Print(i, " ")
	}
	n := 3
	for i := 0; i < n; i++ {
		if i == 1 {
			n = 5
		}
		fmt.Print(i, " ")
	}
	s := []int{1, 2, 3}
	for i := 0; i < len(s); i++ {
		if i == 1 {
			s = append(s, 9)
		}
	}
	fmt.Println(len(s))
	for i, j := 0, 10; i < j; i, j = i+1, j-2 {
		fmt.Print(i, j, " ")
	}
	for i := uint8(0); i < 3; i++ {
		fmt.Print(i-1, " ")
	}
	for i := 3; i >= 0; i-- {
		fmt.Print(i, " ")
	}
	fmt.Println()
}

func shadowed() {
	x := 1
	f := func() int { return x }
	{
		x := 2
		g := func() int { x++; return x }
		fmt.Print(f(), g(), g(), " ")
	}
	for x := range []int{0, 1} {
		h := func() int { return x * 7 }
		fmt.Print(h(), " ")
	}
	func(x int) {
		x++
		k := func() int { x++; return x }
		fmt.Print(k(), " ")
	}(x)
	if x := f(); x == 1 {
		x, y := x+1, x+2
		func() { x, y = y, x }()
		fmt.Print(x, y, " ")
	}
	switch x := any(x).(type) {
	case int:
		func() { x++ }()
		fmt.Print(x, " ")
	}
	err := error(nil)
	if _, err := fmt.Sscan("12", &x); err != nil {
		fmt.Print(err)
	}
	fmt.Println(x, f(), err)
}

type G[T any] struct{ v T }

func (g *G[T]) set(v T) func() T {
	old := g.v
	g.v = v
	return func() T { old, g.v = g.v, old; return g.v }
}

func pick[T any](xs ...T) (r []func() T) {
	type local struct{ x T }
	for _, x := range xs {
		l := local{x}
		r = append(r, func() T { return l.x })
	}
	return
}

type Num interface{ ~int | ~float64 }

func sumAll[K comparable, V Num](m map[K]V, keys ...K) (s V) {
	for _, k := range keys {
		s += m[k]
	}
	return
}

func main() {
	structLoop()
	deep()
	loopNest()
	modLoop()
	shadowed()
	g := &G[string]{"a"}
	f := g.set("b")
	fmt.Println(f(), f(), g.v)
	for _, f := range pick(1, 2) {
		fmt.Print(f(), " ")
	}
	for _, f := range pick("x", "y") {
		fmt.Print(f(), " ")
	}
	fmt.Println(sumAll(map[string]float64{"a": 1.5, "b": 2}, "a", "b"))
	h := (*G[string]).set
	fmt.Println(h(g, "z")(), g.v)
	k := g.set
	k("q")
	fmt.Println(g.v)
}
