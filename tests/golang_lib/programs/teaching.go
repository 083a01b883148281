package main

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

type byLen []string

func (b byLen) Len() int           { return len(b) }
func (b byLen) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLen) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type Visitor interface{ Visit(n Node) Visitor }
type Node interface {
	Children() []Node
	fmt.Stringer
}
type Leaf int
type Branch struct {
	name string
	kids []Node
}

func (l Leaf) Children() []Node    { return nil }
func (l Leaf) String() string      { return "leaf" + strconv.Itoa(int(l)) }
func (b *Branch) Children() []Node { return b.kids }
func (b *Branch) String() string   { return b.name }

type depth int

func (d depth) Visit(n Node) Visitor {
	fmt.Println(strings.Repeat("  ", int(d)) + n.String())
	return d + 1
}
func Walk(v Visitor, n Node) {
	v = v.Visit(n)
	for _, k := range n.Children() {
		Walk(v, k)
	}
}

type Middleware func(Handler) Handler
type Handler func(string) (string, error)

func chain(h Handler, ms ...Middleware) Handler {
	for i := len(ms) - 1; i >= 0; i-- {
		h = ms[i](h)
	}
	return h
}
func logging(name string) Middleware {
	return func(h Handler) Handler {
		return func(s string) (r string, err error) { defer func() { fmt.Println(name, s, r, err) }(); return h(s) }
	}
}

type Stack[T any] []T

func (s *Stack[T]) Push(v T) { *s = append(*s, v) }
func (s *Stack[T]) Pop() (v T, ok bool) {
	if len(*s) == 0 {
		return
	}
	v = (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return v, true
}

type Set[T comparable] map[T]struct{}

func (s Set[T]) Add(v T) Set[T] { s[v] = struct{}{}; return s }
func (s Set[T]) Has(v T) bool   { _, ok := s[v]; return ok }

type Opt[T any] struct{ v *T }

func Some[T any](v T) Opt[T] { return Opt[T]{&v} }
func (o Opt[T]) OrElse(d T) T {
	if o.v == nil {
		return d
	}
	return *o.v
}

func Reduce[T, A any](xs []T, init A, f func(A, T) A) A {
	for _, x := range xs {
		init = f(init, x)
	}
	return init
}

type key struct{ x, y int }

func counter() (func() int, func()) { n := 0; return func() int { n++; return n }, func() { n = 0 } }

func tricky() (x int) { defer func() { x *= 2 }(); x = 1; return x + 4 }

const (
	KB = 1 << (10 * (iota + 1))
	MB
	GB
)
const big = 1 << 100

type Weekday int

const (
	Sun Weekday = iota
	Mon
)

func main() {
	ss := byLen{"ccc", "a", "bb"}
	sort.Sort(sort.Reverse(ss))
	fmt.Println(ss)
	Walk(depth(0), &Branch{"root", []Node{Leaf(1), &Branch{"sub", []Node{Leaf(2)}}}})
	h := chain(func(s string) (string, error) {
		if s == "" {
			return "", errors.New("empty")
		}
		return strings.ToUpper(s), nil
	}, logging("outer"), logging("inner"))
	h("a")
	h("")
	var st Stack[string]
	st.Push("x")
	st.Push("y")
	fmt.Println(st.Pop())
	fmt.Println(st, len(st))
	fmt.Println(Set[int]{}.Add(1).Add(2).Has(2), Some(3).OrElse(4), Opt[string]{}.OrElse("d"))
	fmt.Println(Reduce([]int{1, 2, 3}, "", func(a string, x int) string { return a + strconv.Itoa(x) }))
	g := map[key][]string{{1, 2}: {"a"}, {3, 4}: nil}
	g[key{1, 2}] = append(g[key{1, 2}], "b")
	fmt.Println(g, len(g[key{9, 9}]))
	c, reset := counter()
	c()
	c()
	fmt.Println(c())
	reset()
	fmt.Println(c())
	fmt.Println(tricky(), KB, MB, GB, big>>98, math.MaxUint32, Mon)
	x := [3]int{1, 2, 3}
	y := x
	y[0] = 9
	p := &x
	p[1] = 7
	for i, v := range p {
		fmt.Print(i, v, " ")
	}
	fmt.Println(x, y, x == y)
	for i := range x {
		x[2] = 100
		_ = i
	}
	var grid [3][4]int
	for i := range grid {
		for j := range grid[i] {
			grid[i][j] = i * j
		}
	}
	fmt.Println(grid)
	type T struct {
		a    int
		next *T
	}
	l := &T{1, &T{2, nil}}
	for n := l; n != nil; n = n.next {
		fmt.Print(n.a, " ")
	}
	fmt.Println()
	s := "héllo"
	fmt.Println(len(s), utf8.RuneCountInString(s), s[1], s[1:3], []byte(s)[:2], strings.Index(s, "l"), []rune(s)[1])
	fmt.Println(bits.OnesCount(255), bits.LeadingZeros64(1), bits.Reverse8(1), math.Sqrt(2), math.Floor(-1.5), math.Mod(7, -3), math.Pow(2, 0.5), math.Round(2.5), math.Trunc(-2.7))
	fmt.Println(strconv.Quote("a\tb"), strconv.FormatInt(-255, 16), strconv.FormatFloat(1.0/3, 'f', 4, 64))
	b, err := strconv.ParseBool("maybe")
	fmt.Println(b, err)
	var f32 float32 = 16777216
	fmt.Println(f32+1, float32(0.1)+0.2, 0.1+0.2, int(-3.9+float64(len(s))-6), uint8(300&0xff))
	var i32 int32 = math.MaxInt32
	i32++
	fmt.Println(i32, int8(i32>>24), uint16(i32), -5>>1, uint32(1)<<31, i32/-1)
	switch x := 5; {
	case x > 3:
		fmt.Println("big")
		fallthrough
	case x > 10:
		fmt.Println("fell")
	default:
		fmt.Println("no")
	}
	var fn func(int) int
	fn = func(n int) int {
		if n < 2 {
			return n
		}
		return fn(n-1) + fn(n-2)
	}
	fmt.Println(fn(15))
	m := map[string]*struct{ n int }{"a": {1}}
	m["a"].n++
	fmt.Println(m["a"].n)
	delete(m, "zz")
	if v, ok := m["q"]; !ok {
		fmt.Println(v == nil)
	}
	var np map[string]int
	fmt.Println(np["x"], len(np))
	for range np {
	}
	a1 := []int{1, 2, 3, 4}
	copy(a1[1:], a1)
	fmt.Println(a1, append(a1[:1], a1[2:]...))
	a2 := make([]int, 2, 10)
	a3 := append(a2, 1)
	a4 := append(a2, 2)
	fmt.Println(a3, a4)
	ms := struct{ sort.Interface }{byLen{"zz", "y"}}
	sort.Sort(ms)
	fmt.Println(ms)
	t := time.Date(2023, 12, 31, 23, 59, 59, 0, time.UTC)
	fmt.Println(t.Add(time.Second), t.Sub(t.Add(-time.Hour)), t.Format("Mon Jan 2 15:04:05 2006"), t.Truncate(24*time.Hour), t.Before(t.Add(1)), t.Month())
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("rec:", r)
			os.Exit(4)
		}
	}()
	var e interface{ Foo() }
	_ = e
	var q any = 3.5
	fmt.Println(q.(fmt.Stringer))
}
