package main

import (
	"fmt"
	"strings"
)

type IntList []int

func (l IntList) Len() int      { return len(l) }
func (l *IntList) Add(x int)    { *l = append(*l, x) }
func (l IntList) Sum() (t int) {
	for _, x := range l {
		t += x
	}
	return
}

type StrMap map[string]int

func (m StrMap) Inc(k string) { m[k]++ }

type Fn func(int) int

func (f Fn) Twice(x int) int { return f(f(x)) }

type Point struct{ X, Y int }
type Vec Point
type Line struct {
	A, B Point
	pts  [2]Point
	tag  [3]string
}
type Opt struct {
	v  any
	p  *Point
	fn func()
	ch chan int
	m  map[string]int
	s  []int
	e  error
	a  [2]bool
	i8 int8
	f  float32
	c  complex64
	r  rune
	b  byte
	u  uintptr
}
type Inner struct{ z int }

func (i *Inner) Set(z int) { i.z = z }
func (i Inner) Get() int   { return i.z }

type Outer struct {
	Inner
	arr [2]Inner
	ptr *Inner
}
type Getter interface{ Get() int }
type GetSetter interface {
	Getter
	Set(int)
}

var trace []string

func t(s string, v int) int {
	trace = append(trace, s)
	return v
}
func f2() (Point, bool)  { return Point{1, 2}, true }
func mod(p Point) Point  { p.X = 100; return p }
func modA(a [2]int) int  { a[0] = 100; return a[0] }
func modP(p *Point)      { p.X = 55 }
func ret() (a, b [2]int) { a[0] = 1; b = a; b[1] = 2; return }

type Num interface{ ~int | ~float64 }

func Max[T Num](a, b T) T {
	if a > b {
		return a
	}
	return b
}

type Set[T comparable] map[T]struct{}

func (s Set[T]) Add(v T)           { s[v] = struct{}{} }
func (s Set[T]) Has(v T) bool      { _, ok := s[v]; return ok }
func NewSet[T comparable]() Set[T] { return make(Set[T]) }

type Tuple[A, B any] struct {
	First  A
	Second B
}

func MakeT[A, B any](a A, b B) Tuple[A, B] { return Tuple[A, B]{a, b} }
func (t Tuple[A, B]) Swap() Tuple[B, A]    { return Tuple[B, A]{t.Second, t.First} }
func Filter[S ~[]E, E any](s S, f func(E) bool) S {
	var out S
	for _, e := range s {
		if f(e) {
			out = append(out, e)
		}
	}
	return out
}
func Reduce[T, A any](xs []T, init A, f func(A, T) A) A {
	for _, x := range xs {
		init = f(init, x)
	}
	return init
}
func Ptr[T any](v T) *T { return &v }

func describe(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case int, int64:
		return fmt.Sprintf("int-ish %v", v)
	case float64:
		return fmt.Sprint("float ", v*2)
	case string:
		return "string " + strings.ToUpper(v)
	case []int:
		return fmt.Sprint("slice ", len(v))
	case map[string]int:
		return fmt.Sprint("map ", len(v))
	case func(int) int:
		return fmt.Sprint("func ", v(3))
	case *Point:
		return fmt.Sprint("*Point ", v.X)
	case Point:
		v.X++
		return fmt.Sprint("Point ", v.X)
	case error:
		return "error " + v.Error()
	case fmt.Stringer:
		return "stringer " + v.String()
	case [2]int:
		return fmt.Sprint("array ", v[1])
	case chan int:
		return fmt.Sprint("chan ", cap(v))
	case rune:
		return "rune " + string(v)
	case byte:
		return fmt.Sprint("byte ", v)
	case struct{ A int }:
		return fmt.Sprint("anon ", v.A)
	case IntList:
		return fmt.Sprint("IntList ", v.Sum())
	case *int:
		*v++
		return fmt.Sprint("*int ", *v)
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case Getter:
		return fmt.Sprint("getter ", v.Get())
	default:
		return fmt.Sprintf("other %T", v)
	}
}

func main() {
	var l IntList
	l.Add(3)
	l.Add(4)
	fmt.Println(l, l.Len(), l.Sum(), IntList{1, 2}.Sum())
	add := l.Add
	add(5)
	fmt.Println(l)
	m := StrMap{}
	m.Inc("a")
	m.Inc("a")
	fmt.Println(m)
	fmt.Println(Fn(func(x int) int { return x * 3 }).Twice(2))
	p := Point{1, 2}
	v := Vec(p)
	v.X = 9
	fmt.Println(p, v, Point(v), struct{ X, Y int }(v) == struct{ X, Y int }{9, 2})
	var anon struct{ X, Y int } = p
	p.X = 50
	fmt.Println(anon, p)
	ln := Line{A: p, B: Point{Y: 3}, tag: [3]string{1: "mid"}}
	l2 := ln
	l2.A.X, l2.pts[1].Y, l2.tag[0] = 1, 7, "first"
	fmt.Println(ln, l2, ln == l2, ln.A == p)
	pa := &ln.A
	pa.X = -1
	pe := &ln.pts[0]
	pe.Y = 12
	ps := &ln.tag[2]
	*ps = "last"
	fmt.Printf("%+v\n", ln)
	ln = Line{}
	fmt.Println(pa.X, pe.Y, *ps == "", ln)
	*pa = Point{7, 8}
	fmt.Println(ln.A)
	var o Opt
	fmt.Printf("%+v\n", o)
	o2 := o
	fmt.Println(o.v == nil, o2.fn == nil, o.ch == nil, o.m == nil, o.s == nil, o.e == nil)
	ou := Outer{Inner{1}, [2]Inner{{2}, {3}}, &Inner{4}}
	ou.Set(10)
	ou.arr[1].Set(30)
	ou.ptr.Set(40)
	fmt.Println(ou.Get(), ou.arr, ou.ptr.z, ou.Inner.z)
	var g Getter = ou
	gs, ok := g.(GetSetter)
	fmt.Println(g.Get(), gs == nil, ok)
	g = &ou
	gs, ok = g.(GetSetter)
	gs.Set(77)
	fmt.Println(ok, ou.z)
	q, ok := f2()
	fmt.Println(q, ok, mod(q), q, modA([2]int{1, 2}))
	arr := [2]int{5, 6}
	modA(arr)
	modP(&q)
	fmt.Println(arr, q)
	fmt.Println(ret())
	x := []int{1, 2, 3}
	i := 0
	i, x[i] = 2, 9
	fmt.Println(i, x)
	x[0], x[1], x[2] = x[2], x[0], x[1]
	fmt.Println(x)
	_ = t("a", 1) + t("b", 2)*t("c", 3)
	mm := map[int]int{t("k1", 1): t("v1", 1), t("k2", 2): t("v2", 2)}
	x[t("i", 0)] = t("val", len(mm))
	_ = []int{t("e1", 1), t("e2", 2)}
	fmt.Println(trace, x[0])
	fmt.Println(Max(1, 2), Max(1.5, 0.5))
	s := NewSet[string]()
	s.Add("q")
	fmt.Println(s.Has("q"), s.Has("z"), len(s))
	tt := MakeT("a", 1)
	fmt.Printf("%v %v %T\n", tt, tt.Swap(), tt.Swap())
	fmt.Println(Filter(IntList{1, 2, 3, 4}, func(i int) bool { return i%2 == 0 }).Sum())
	fmt.Println(Reduce([]string{"a", "bb"}, 0, func(n int, s string) int { return n + len(s) }))
	fmt.Println(*Ptr(5), *Ptr("x"), Ptr(Point{1, 2}).Y)
	n := 41
	for _, e := range []any{nil, 1, int64(2), 2.5, "s", []int{1}, map[string]int{}, func(x int) int { return x + 1 }, &p, p,
		fmt.Errorf("bad"), [2]int{1, 2}, make(chan int, 3), 'x', byte(7), struct{ A int }{5}, l, &n, true, ou, int8(3), new(Outer), uint(3)} {
		fmt.Println(describe(e))
	}
	fmt.Println(n)
	pp := &p
	ppp := &pp
	(*ppp).X = 3
	(**ppp).Y = 4
	fmt.Println(p, *pp == p)
	np := &n
	np2 := &n
	fmt.Println(np == np2, np == new(int), *np)
	var arr3 [3]*Point
	arr3[1] = &Point{1, 1}
	arr3[1].X += 5
	fmt.Println(*arr3[1], arr3[0] == nil)
	fs := []func(){}
	for i := range 3 {
		fs = append(fs, func() { fmt.Print(i, " ") })
	}
	for _, f := range fs {
		f()
	}
	fmt.Println()
	type key struct {
		a any
		b [2]string
	}
	mk := map[key]int{{1, [2]string{"a", "b"}}: 5}
	fmt.Println(mk[key{1, [2]string{"a", "b"}}], mk[key{1.0, [2]string{"a", "b"}}])
	bs := []byte("abc")
	bs[0] = 'X'
	st := string(bs)
	bs[1] = 'Y'
	fmt.Println(st, string(bs), strings.Repeat("ab", 3))
	for i, r := range "a\xffb\xe4\xb8" {
		fmt.Print(i, " ", r, "; ")
	}
	fmt.Println([]rune("a\xffb"), []byte("日"), string([]rune{65, 0x65e5, -1}))
	const c = 'a' + 1.0
	fmt.Println(c, string(rune(c)), 7/2, 7/2.0, 1<<3.0)
	var i8 int8 = -128
	fmt.Println(i8/-1, -i8, i8*i8, uint8(i8))
	var e1 any = Point{1, 2}
	pt := e1.(Point)
	pt.X = 1000
	fmt.Println(e1, pt)
	e2 := e1
	fmt.Println(e1 == e2, e1 == any(Point{1, 2}))
	chp := make(chan Point, 1)
	pt2 := Point{1, 1}
	chp <- pt2
	pt2.X = 9
	rp := <-chp
	fmt.Println(rp, pt2)
	close(chp)
	rp, ok = <-chp
	fmt.Println(rp, ok)
	ap := &[3]int{1, 2, 3}
	for i := range ap {
		ap[i] *= 2
	}
	as := ap[1:]
	as[0] = 0
	fmt.Println(*ap, len(ap), as, cap(as))
	var iface any = ap
	fmt.Println(iface.(*[3]int)[2], iface == any(ap), iface == any(&[3]int{2, 0, 6}))
	func(xs ...int) { xs[0] = 99; fmt.Println(len(xs)) }(x...)
	fmt.Println(x)
	lbl := 0
outer:
	for i := 0; i < 3; i++ {
		for j := 0; j < 3; j++ {
			if j == 2 {
				continue outer
			}
			if i == 2 {
				break outer
			}
			lbl += i*10 + j
		}
	}
	fmt.Println(lbl)
	switch {
	case lbl > 5:
		fmt.Println("big")
		fallthrough
	case lbl > 100:
		fmt.Println("fall")
	default:
		fmt.Println("no")
	}
	defer fmt.Println("deferred", n)
	n = 0
	var sb strings.Builder
	sb.WriteString("x")
	fmt.Fprintf(&sb, "%d", 5)
	fmt.Println(sb.String(), sb.Len())
}
