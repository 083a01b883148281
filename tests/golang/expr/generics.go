package main

import "fmt"

func F[T any](x T, n int) any {
	type node struct {
		v    T
		next *node
	}
	var head *node
	for i := 0; i < n; i++ {
		head = &node{x, head}
	}
	c := 0
	for p := head; p != nil; p = p.next {
		c++
	}
	var zero node
	fmt.Printf("%v %T\n", zero.v, zero.v)
	return c
}

type Num interface{ ~int | ~float64 }
type Vec[T Num] []T

func (v Vec[T]) Dot(o Vec[T]) (s T) {
	for i := range v {
		s += v[i] * o[i]
	}
	return
}

type Opt[T any] struct {
	v  T
	ok bool
}

func Some[T any](v T) Opt[T] { return Opt[T]{v, true} }
func (o Opt[T]) OrElse(d T) T {
	if o.ok {
		return o.v
	}
	return d
}

type Cache[K comparable, V any] struct {
	m     map[K]V
	order []K
	miss  func(K) V
}

func NewCache[K comparable, V any](miss func(K) V) *Cache[K, V] {
	return &Cache[K, V]{m: make(map[K]V), miss: miss}
}
func (c *Cache[K, V]) Get(k K) V {
	if v, ok := c.m[k]; ok {
		return v
	}
	v := c.miss(k)
	c.m[k] = v
	c.order = append(c.order, k)
	return v
}

type Eq[T any] interface{ Equal(T) bool }
type ID int

func (a ID) Equal(b ID) bool { return a == b }
func Index[T Eq[T]](xs []T, x T) int {
	for i, y := range xs {
		if x.Equal(y) {
			return i
		}
	}
	return -1
}

type Tree[T any] struct {
	left, right *Tree[T]
	val         T
}

func (t *Tree[T]) Insert(v T, less func(a, b T) bool) *Tree[T] {
	if t == nil {
		return &Tree[T]{val: v}
	}
	if less(v, t.val) {
		t.left = t.left.Insert(v, less)
	} else {
		t.right = t.right.Insert(v, less)
	}
	return t
}
func (t *Tree[T]) All(yield func(T) bool) bool {
	return t == nil || (t.left.All(yield) && yield(t.val) && t.right.All(yield))
}
func Conv[A, B ~int | ~int8 | ~uint8 | ~float64](a A) B { return B(a) }
func Zero[T any]() (z T)                               { return }
func Is[T any](x any) bool                             { _, ok := x.(T); return ok }
func Sw[T any](x T) string {
	switch any(x).(type) {
	case int:
		return "int"
	case string:
		return "string"
	case []T:
		return "slice"
	case fmt.Stringer:
		return "stringer"
	}
	return "other"
}

type Shape interface {
	Area() float64
	comparable
}
type Sq struct{ s float64 }

func (s Sq) Area() float64 { return s.s * s.s }
func Big[S Shape](a, b S) S {
	if a == b || a.Area() > b.Area() {
		return a
	}
	return b
}
func PtrTo[T any, PT interface {
	*T
	Set(string)
}](s string) T {
	var t T
	PT(&t).Set(s)
	return t
}

type Name struct{ s string }

func (n *Name) Set(s string) { n.s = s }
func SumAll[M ~map[K]V, K comparable, V Num](m M) (s V) {
	for _, v := range m {
		s += v
	}
	return
}
func Chain[T any](fs ...func(T) T) func(T) T {
	return func(x T) T {
		for _, f := range fs {
			x = f(x)
		}
		return x
	}
}
func Produce[T any](xs ...T) <-chan T {
	c := make(chan T)
	go func() {
		defer close(c)
		for _, x := range xs {
			c <- x
		}
	}()
	return c
}

type Alias = Vec[int]
type GA[T any] = map[string]T

func main() {
	fmt.Println(F(1, 3), F("x", 2), F([]int{1}, 1))
	fmt.Println(Vec[int]{1, 2}.Dot(Vec[int]{3, 4}), Alias{1}.Dot(Alias{2}), GA[int]{"a": 1})
	fmt.Println(Some(5).OrElse(1), Opt[string]{}.OrElse("d"))
	fmt.Printf("%T %+v\n", Some(1.5), Some("x"))
	c := NewCache(func(s string) int { return len(s) })
	fmt.Println(c.Get("abc"), c.Get("abc"), c.Get("z"), c.order)
	fmt.Println(Index([]ID{1, 2, 3}, 2), Index([]ID{}, 2))
	var t *Tree[string]
	for _, s := range []string{"m", "c", "x"} {
		t = t.Insert(s, func(a, b string) bool { return a < b })
	}
	t.All(func(s string) bool { fmt.Print(s, " "); return true })
	fmt.Println()
	fmt.Println(Conv[int, uint8](300), Conv[float64, int](3.7), Conv[int, int8](200))
	fmt.Println(Zero[int](), Zero[string]() == "", Zero[*int]() == nil, Zero[[2]int](), Zero[Opt[int]]())
	fmt.Println(Is[int](1), Is[string](1), Is[error](nil), Is[fmt.Stringer](1))
	fmt.Println(Sw(1), Sw("a"), Sw(1.5))
	fmt.Println(Big(Sq{1}, Sq{2}))
	fmt.Println(PtrTo[Name]("bob"))
	fmt.Println(SumAll(map[string]float64{"a": 1.5, "b": 2}))
	fmt.Println(Chain(func(i int) int { return i + 1 }, func(i int) int { return i * 2 })(3))
	for v := range Produce("a", "b") {
		fmt.Print(v)
	}
	fmt.Println()
	f := Conv[int, float64]
	fmt.Println(f(2))
	m := (*Cache[string, int]).Get
	fmt.Println(m(c, "qq"))
	g := t.All
	n := 0
	g(func(string) bool { n++; return n < 2 })
	fmt.Println(n)
}
