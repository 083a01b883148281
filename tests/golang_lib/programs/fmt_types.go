package main

import (
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"
)

type Point struct{ X, Y int }

func (p Point) String() string { return fmt.Sprintf("(%d,%d)", p.X, p.Y) }

type Plain struct {
	A int
	B string
	c float64
}

type Ptr struct{ N int }

func (p *Ptr) String() string { return fmt.Sprint("Ptr#", p.N) }

type Outer struct {
	P    Point
	p    Point
	Q    *Ptr
	R    Ptr
	E    error
	A    any
	F    func()
	C    chan int
	M    map[string]Point
	S    []Point
	In   Inner
	Arr  [2]Point
	Any2 []any
}

type Inner struct {
	Plain
	*Ptr2
	D time.Duration
}

type Ptr2 struct{ Z int }

type MyErr struct{ Code int }

func (e *MyErr) Error() string { return fmt.Sprintf("my error %d", e.Code) }

type ValErr string

func (e ValErr) Error() string { return "val: " + string(e) }

type Both struct{}

func (Both) Error() string  { return "as error" }
func (Both) String() string { return "as string" }

type Go struct{ X int }

func (g Go) GoString() string { return "Go!" }

type Weekday int

const (
	Sunday Weekday = iota
	Monday
)

func (d Weekday) String() string { return [...]string{"Sun", "Mon"}[d] }

type Panicky struct{ S string }

func (p Panicky) String() string { panic("oops " + p.S) }

type PanicErr struct{}

func (PanicErr) Error() string { panic(errors.New("inner error")) }

type NilPtr struct{ s string }

func (n *NilPtr) String() string { return n.s }

type Form struct{ v int }

func (f Form) Format(s fmt.State, verb rune) {
	w, wok := s.Width()
	p, pok := s.Precision()
	fmt.Fprintf(s, "[%c w=%d,%t p=%d,%t", verb, w, wok, p, pok)
	for _, c := range "+-# 0" {
		if s.Flag(int(c)) {
			fmt.Fprintf(s, " %c", c)
		}
	}
	fmt.Fprintf(s, " %s %d]", fmt.FormatString(s, verb), f.v)
}

type Pair[K comparable, V any] struct {
	Key K
	Val V
}

type List[T any] struct {
	next *List[T]
	val  T
}

type Set map[string]struct{}
type Fn func(int, ...string) (bool, error)
type Emb struct{ Point }
type Emb2 struct {
	Plain
	error
}
type Wrong struct{}

func (Wrong) String() int { return 1 }

type Stringish string

func (s Stringish) String() string { return "<" + string(s) + ">" }

type Iface interface {
	M(a int, b ...string) (x, y error)
	fmt.Stringer
}

// hasAddress looks for nine hexadecimal digits that are no text of ours.
func hasAddress(s string) bool {
	run := 0
	for _, c := range s {
		if '0' <= c && c <= '9' || 'a' <= c && c <= 'f' {
			if run++; run >= 10 {
				return true
			}
		} else {
			run = 0
		}
	}
	return false
}

func main() {
	p := Point{1, 2}
	pl := Plain{1, "x", 2.5}
	all := []any{p, &p, pl, &pl, &Ptr{3}, Ptr{3}, []Point{{1, 2}}, []*Point{}, map[string]Point{"k": {3, 4}}, map[Point]string{{2, 1}: "b", {1, 9}: "a"}, Both{}, Go{1}, &Go{2}, []Go{{1}}, Monday, []Weekday{0, 1}, Weekday(7),
		Panicky{"a"}, PanicErr{}, (*NilPtr)(nil), (*Point)(nil), (*Plain)(nil), &MyErr{5}, (*MyErr)(nil), ValErr("v"), errors.New("plain"), fmt.Errorf("wrap %w", errors.New("in")), Form{7}, []Form{{1}}, &Form{2},
		Pair[string, int]{"a", 1}, &Pair[Point, []int]{p, nil}, List[int]{nil, 3}, Set{"x": {}}, Emb{p}, Emb2{pl, errors.New("e")}, Emb2{}, Wrong{}, Stringish("s"), []Stringish{"a", "b"}, []error{ValErr("q"), nil},
		time.Second, 1500 * time.Millisecond, []time.Duration{1, 2000}, struct{ D time.Duration }{5}, [2]*int{}, []any{p, nil, pl}, &[]int{1}, &map[string]int{"a": 1}, &[2]string{"x", "y"}, new(any), Inner{},
		struct{ a any }{p}, struct{ A any }{p}, struct{ A fmt.Stringer }{p}, struct{ E error }{ValErr("z")}, Stringish(""), map[any]int{1: 1, "a": 2, 2.5: 3, p: 4, nil: 5, true: 6}}
	for i, v := range all {
		for _, verb := range []string{"%v", "%+v", "%#v", "%T", "%s", "%d", "%q", "%x", "%10v|", "%-10v|", "%5.1f", "% +-#08.3v", "%t"} {
			s := fmt.Sprintf(verb, v)
			if hasAddress(s) {
				s = "an address"
			}
			fmt.Println(i, verb, s)
		}
	}
	o := Outer{P: p, p: p, E: &MyErr{1}, A: Monday, M: map[string]Point{"z": p, "a": {}}, S: []Point{p}, Any2: []any{nil, 1, p}}
	fmt.Printf("%v\n%+v\n%t\n", o, o, hasAddress(fmt.Sprintf("%#v", o)))
	o.E = nil
	fmt.Printf("%#v\n", o)
	fmt.Println(o)
	fmt.Printf("%T %T %T %T %T\n", Pair[string, int]{}, &Pair[Point, []Pair[int, error]]{}, List[map[string]Point]{}, Fn(nil), (*Iface)(nil))
	fmt.Printf("%T %T %T %T\n", func(a int, b ...string) (error, bool) { return nil, false }, make(<-chan int), make(chan<- []string), make(chan (<-chan int)))
	fmt.Printf("%T %T %T %T\n", struct {
		A int `json:"a"`
		b []byte
		Point
		*Plain
	}{}, [3]map[string][]int{}, (*interface {
		Foo(int) string
		bar()
	})(nil), []interface{}{1})
	fmt.Printf("%T %T %T %T %T\n", 'a', byte(1), rune(1), uintptr(1), 1i)
	fmt.Printf("%T %T %T %T\n", errors.New("x"), fmt.Errorf("x %w", ValErr("a")), fmt.Errorf("%w %w", ValErr("a"), ValErr("b")), fmt.Errorf("x"))
	fmt.Printf("%T %T %T\n", os.Stdout, time.Second, &strings.Builder{})
	fmt.Printf("%T %T\n", nil, error(nil))
	type local struct{ x int }
	fmt.Printf("%T %v %+v %#v\n", local{1}, local{1}, local{1}, local{1})
	keys := []string{}
	for k := range map[string]int{"b": 1, "a": 2} {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	fmt.Println(keys, len(keys))
}
