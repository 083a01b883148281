package main

import (
	"fmt"
	"os"
	"strings"
)

type Animal interface {
	Name() string
	Sound() string
}

type Base struct{ name string }

func (b *Base) Name() string    { return b.name }
func (b Base) Sound() string    { return "..." }
func (b *Base) Rename(n string) { b.name = n }

type Dog struct {
	*Base
	age int
}

func (d Dog) Sound() string { return "woof" }

type Weekday int

const (
	Sunday Weekday = iota
	Monday
	Tuesday
)

func (d Weekday) String() string { return [...]string{"Sun", "Mon", "Tue"}[d] }

type MyErr struct{ code int }

func (e *MyErr) Error() string { return fmt.Sprintf("code %d", e.code) }

func mayFail(n int) error {
	var e *MyErr
	if n > 0 {
		e = &MyErr{n}
		return e
	}
	if n < 0 {
		return e
	}
	return nil
}

type Matrix [2][2]int

func (m Matrix) T() Matrix {
	m[0][1], m[1][0] = m[1][0], m[0][1]
	return m
}

type List[T any] struct {
	head *elem[T]
	n    int
}
type elem[T any] struct {
	v    T
	next *elem[T]
}

func (l *List[T]) Add(v T) *List[T] {
	l.head = &elem[T]{v, l.head}
	l.n++
	return l
}
func (l *List[T]) Each(f func(int, T)) {
	i := 0
	for e := l.head; e != nil; e = e.next {
		f(i, e.v)
		i++
	}
}
func (l *List[T]) All() func(func(int, T) bool) {
	return func(yield func(int, T) bool) {
		i := 0
		for e := l.head; e != nil; e = e.next {
			if !yield(i, e.v) {
				return
			}
			i++
		}
	}
}

type Number interface {
	~int | ~float64
}

func Sum[T Number](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return
}

func Keys[M ~map[K]V, K comparable, V any](m M) int { return len(m) }

var counter = initCounter()

func initCounter() int { fmt.Println("init counter", dep); return dep + 1 }

var dep = func() int { return 41 }()

func init() { fmt.Println("init 1", counter) }
func init() { fmt.Println("init 2") }

func multi() (int, string, error) { return 1, "two", nil }

func variadic(pre string, xs ...int) string {
	return fmt.Sprint(pre, len(xs), xs)
}

func main() {
	d := Dog{&Base{"rex"}, 3}
	var a Animal = d
	fmt.Println(a.Name(), a.Sound(), d.Base.Sound())
	d.Rename("max")
	fmt.Println(a.Name(), d.name)
	f := d.Rename
	f("bob")
	g := (*Base).Name
	fmt.Println(g(d.Base), Weekday(1), Tuesday)
	fmt.Printf("%v %d %s %+v %T\n", Monday, Monday, Monday, struct {
		A int
		B string
	}{1, "x"}, d)
	for i := -1; i <= 1; i++ {
		err := mayFail(i)
		fmt.Println(i, err == nil)
	}
	m := Matrix{{1, 2}, {3, 4}}
	fmt.Println(m.T(), m)
	m2 := m
	m2[0][0] = 100
	p := &m2[0]
	p[1] = 55
	fmt.Println(m, m2, m == m2)
	var l List[string]
	l.Add("a").Add("b").Add("c")
	l.Each(func(i int, s string) { fmt.Print(i, s, " ") })
	for i, s := range l.All() {
		if i == 2 {
			break
		}
		fmt.Print(i, s, " ")
	}
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Keys(map[string]int{"a": 1}))
	x, y, err := multi()
	fmt.Println(x, y, err)
	fmt.Println(variadic("p"), variadic("q", 1, 2), variadic("r", []int{4, 5, 6}...))
	var i8 int8 = 127
	i8++
	var u8 uint8
	u8--
	fmt.Println(i8, u8, 7/2, -7/2, -7%3, 1<<10, 0xff&^0xf)
	var arr [5]int
	sl := arr[1:3]
	sl = append(sl, 9)
	fmt.Println(arr, sl, len(sl), cap(sl))
	sl2 := append(sl[:1:1], 7)
	fmt.Println(arr, sl2)
	mm := map[string][]int{}
	mm["a"] = append(mm["a"], 1, 2)
	mm["b"]= nil
	delete(mm, "b")
	v, ok := mm["zz"]
	fmt.Println(mm, v == nil, ok, len(mm))
	type key struct{ a, b int }
	km := map[key]string{{1, 2}: "x"}
	fmt.Println(km[key{1, 2}], km[key{2, 1}] == "")
	var iface any = m
	if mt, ok := iface.(Matrix); ok {
		mt[0][0] = 7
		fmt.Println(mt, iface)
	}
	s := "héllo"
	fmt.Println(len(s), s[1], s[1:3], []rune(s)[1], string([]rune(s)[1]), strings.ToUpper(s), []byte(s))
	c := 'x'
	fmt.Println(c, string(c), fmt.Sprintf("%c %q %U", c, c, c))
	ptr := new(int)
	*ptr = 5
	pp := &ptr
	**pp += 2
	fmt.Println(*ptr)
	fn := func(xs ...any) { fmt.Fprintln(os.Stderr, xs...) }
	fn("to stderr", 1, nil)
	func() {
		defer func() {
			r := recover()
			fmt.Println(r)
			err, ok := r.(error)
			fmt.Println(err, ok)
		}()
		var a any = "str"
		_ = a.(int)
	}()
	var e error = &MyErr{3}
	switch e := e.(type) {
	case *MyErr:
		e.code++
		fmt.Println(e)
	}
	const big = 1 << 100
	fmt.Println(big>>98, 1.0/3)
	var z complex128 = complex(1, 2)
	fmt.Println(z*z, real(z), imag(z))
	goto end
end:
	panic(&MyErr{42})
}
