package main

import (
	"fmt"
	"time"
)

type Shape interface {
	Area() float64
	Perimeter() float64
}
type Rect struct{ W, H float64 }
type Circle struct{ R float64 }

func (r Rect) Area() float64         { return r.W * r.H }
func (r Rect) Perimeter() float64    { return 2 * (r.W + r.H) }
func (c *Circle) Area() float64      { return 3 * c.R * c.R }
func (c *Circle) Perimeter() float64 { return 6 * c.R }

type Inner struct {
	A int
	B []string
	C map[string]int
	D *int
	E any
	F func()
	G chan int
	H [2]bool
	I struct{ X, y int }
	J error
	K time.Duration
	L []byte
	M rune
	N complex128
	O float32
	P uint8
	Q *Inner
	R time.Time
	S []any
	T [3]byte
	U uintptr
}
type Weird struct{ v int }

func (w Weird) Format(f fmt.State, c rune) {
	wd, ok := f.Width()
	fmt.Fprintf(f, "<%c %d %v %v>", c, wd, ok, f.Flag('+'))
}

type G struct{ v int }

func (g G) GoString() string { return "G!" }

type P struct{ v int }

func (p *P) String() string { return "P!" }

type Pan struct{}

func (Pan) String() string { panic("oops") }

type NilS struct{ x int }

func (n *NilS) String() string { return fmt.Sprint(n.x) }

type Bytes []byte
type Str string
type Fl float64
type Err struct{}

func (*Err) Error() string { return "E" }

func main() {
	for _, s := range []Shape{Rect{2, 3}, &Circle{1}, Rect{}, (*Circle)(nil)} {
		switch t := s.(type) {
		case Rect:
			fmt.Printf("%T %v %+v %#v %.2f\n", t, t, t, t, t.Area())
		case *Circle:
			if t == nil {
				fmt.Printf("%T %v %+v\n", t, t, t)
				continue
			}
			fmt.Printf("%T %v %+v %#v %.2f\n", t, t, t, t, s.Perimeter())
		}
	}
	in := Inner{A: 1, B: []string{"a b", "c"}, C: map[string]int{"z": 1, "a": 2}, E: 5, K: 1500 * time.Millisecond, L: []byte("hi"), M: 'x', N: 1 + 2i, O: 0.1, S: []any{1, "a", nil}}
	fmt.Printf("%v\n", in)
	fmt.Printf("%+v\n", in)
	fmt.Printf("%#v\n", in)
	fmt.Printf("%d\n", in)
	fmt.Printf("%s\n", in)
	fmt.Printf("%x\n", in.B)
	fmt.Printf("%v %d %s %5d %+v|%v\n", Weird{1}, Weird{2}, &Weird{3}, Weird{4}, Weird{5}, []Weird{{6}})
	fmt.Printf("%v %#v %#v\n", G{1}, G{1}, []G{{1}})
	fmt.Printf("%v %v %v %s\n", P{1}, &P{1}, []*P{}, P{2})
	fmt.Printf("%v %s %d\n", Pan{}, Pan{}, Pan{})
	var ns *NilS
	fmt.Printf("%v %s %+v\n", ns, ns, ns)
	var e *Err
	var er error = e
	fmt.Println(er == nil, er, e)
	fmt.Printf("%s %v %x %q %d\n", Bytes("ab"), Bytes("ab"), Bytes("ab"), Bytes("ab"), Bytes("ab"))
	fmt.Printf("%#v %#v %#v %#v %#v\n", Bytes("ab"), Str("x"), Fl(1), map[Str][]Fl{"a": {1}}, []*int{nil})
	fmt.Printf("%6.2f|%-8.3f|%+.1e|%g|%G|%08.2f|% f|%x|%b\n", 1.234, 2.5, 12345.678, 1e-10, 1e100, -3.14159, 2.0, 1.5, 1.0)
	fmt.Printf("%t %v %5t %q %v\n", true, false, true, true, 'a')
	fmt.Printf("%5s|%-5s|%.2s|%5.1s|%05d|%+05d|%x|%X|%#o|%#b|% d\n", "ab", "ab", "abc", "xyz", 42, 42, -255, 255, 8, 5, 7)
	fmt.Printf("%c %U %#U %q %+q %x\n", 0x4E16, 0x4E16, 0x4E16, 0x4E16, "世", "世")
	fmt.Printf("%v %.2f %+v %8.1f\n", 1+2i, 1+2i, complex64(1-1i), 3i)
	fmt.Printf("%*d|%-*d|%[3]*.[2]*[1]f|%[5]d|%d %d\n", 5, 1, 4, 2, 12.0, 2, 6)
	fmt.Printf("%z %!d %d%%\n", 5, 6)
	fmt.Printf("%s %d %t\n", nil, nil, nil)
	fmt.Printf("%v %v\n", struct{}{}, [0]int{})
	fmt.Printf("%v %+v\n", struct {
		a any
		b *int
		c error
	}{1, nil, nil}, struct {
		P *P
		S Str
	}{nil, "s"})
	fmt.Printf("%T %T %T %T %T %T\n", in, &in, in.F, in.G, map[string][]*Inner{}, func(int, ...string) (error, bool) { return nil, false })
	fmt.Printf("%T %T %T\n", struct {
		A int `x:"y"`
	}{}, [3]any{}, (<-chan int)(nil))
	fmt.Printf("%q\n", []string{"a", "b\n"})
	fmt.Printf("%q %q\n", 'x', "\x00\u200b\U0001F600\xff")
	fmt.Printf("%s|%v|%d\n", []byte(nil), []byte{1}, []byte{1, 2})
	fmt.Printf("% x|%# x|%X\n", "hello", []byte("hi"), "hi")
	fmt.Println([]byte("a"), [2]byte{1, 2}, []rune("é"), []error{fmt.Errorf("x")}, map[int]string{3: "c", 1: "a"}, map[any]int{"b": 1, 2: 2, 1.5: 3})
	fmt.Println(int8(-5), uint8(200), 'a', "tab\t", 1.0, 1e6, 1e21, 123456789.0, float32(3.4), 5/2.0, nil, true)
	fmt.Print("a", "b", 1, 2, true, "c", 3.0, "\n")
	fmt.Print(1, 2, "\n")
	w := fmt.Errorf("a: %w, b: %w", fmt.Errorf("x"), fmt.Errorf("y"))
	fmt.Printf("%v %T\n", w, w)
	fmt.Printf("%v %s %d\n", time.Second*90, time.Millisecond, time.Microsecond)
	fmt.Println(time.Month(5), time.Saturday, time.Duration(0), 2*time.Hour+30*time.Minute, time.Time{})
	fmt.Printf("%6v|%-6v|%06v|%x\n", 1, "a", 2, []int{10, 11})
	fmt.Printf("%3v|%v\n", []int{1, 2}, [][]int{{1}, nil})
	fmt.Printf("%+d %+v % v\n", []int{1, -2}, -1, []int{1})
	fmt.Printf("%p %v\n", (*int)(nil), (*int)(nil))
	fmt.Printf("%08v|%+08d|%x|%X\n", -12, 12, "\xff", -1)
	fmt.Printf("%.3v|%.10v|%10.3v|\n", "abcdef", 3.14159265358979, 2.71828)
	fmt.Println(fmt.Sprintf("%[1]v %[1]T", 5), fmt.Sprintln("a", 1), fmt.Sprint())
	fmt.Printf("%d %s\n", []any{1, "a"}, []any{1, "a"})
	fmt.Printf("%[3]d %[x]d %[0]d\n", 1, 2)
	fmt.Printf("%-010d|%+q|%#q|%#x\n", 5, 'é', "a`b", "ab")
	fmt.Printf("%v %v\n", &[]int{1}, &map[string]int{"a": 1})
	fmt.Printf("%v\n", &struct {
		P *int
		Q []int
	}{nil, nil})
	fmt.Printf("%e %E %.0f %.0f %g\n", 0.0, 1.5, 0.5, 1.5, 1e5)
	fmt.Printf("%t\n", 1)
	fmt.Printf("%s\n", 1.5)
	fmt.Printf("%d\n", "a")
	fmt.Printf("%!")
	fmt.Printf("%")
	fmt.Println()
}
