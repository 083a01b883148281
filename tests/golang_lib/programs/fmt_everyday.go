package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

type Shape interface {
	Area() float64
	Perimeter() float64
}
type Rect struct{ W, H float64 }
type Circle struct{ R float64 }

func (r Rect) Area() float64       { return r.W * r.H }
func (r Rect) Perimeter() float64  { return 2 * (r.W + r.H) }
func (c *Circle) Area() float64    { return 3 * c.R * c.R }
func (c *Circle) Perimeter() float64 { return 6 * c.R }

type Level int

const (
	Debug Level = iota
	Info
)

func (l Level) String() string {
	switch l {
	case Debug:
		return "DEBUG"
	case Info:
		return "INFO"
	}
	return fmt.Sprintf("Level(%d)", int(l))
}

type ValidationError struct {
	Field string
	Err   error
}

func (v *ValidationError) Error() string { return v.Field + ": " + v.Err.Error() }
func (v *ValidationError) Unwrap() error { return v.Err }

var ErrEmpty = errors.New("empty")

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(x T) { s.items = append(s.items, x) }
func (s Stack[T]) String() string {
	return fmt.Sprintf("Stack%v", s.items)
}

type Animal interface{ Sound() string }
type Dog struct{ name string }

func (d Dog) Sound() string { return d.name + " woof" }

func validate(s string) error {
	if s == "" {
		return fmt.Errorf("validate: %w", &ValidationError{"name", ErrEmpty})
	}
	return nil
}

func main() {
	shapes := []Shape{Rect{3, 4}, &Circle{2}}
	for i, s := range shapes {
		fmt.Printf("%d: %T area=%.2f per=%6.1f %v\n", i, s, s.Area(), s.Perimeter(), s)
	}
	fmt.Println(Debug, Info, Level(7), []Level{0, 1}, map[Level]int{Info: 1, Debug: 2})
	fmt.Printf("%d %v %s %x %q\n", Info, Info, Info, Info, Info)
	err := validate("")
	var ve *ValidationError
	fmt.Println(err, errors.As(err, &ve), ve.Field, errors.Is(err, ErrEmpty))
	fmt.Printf("%v | %+v | %T\n", err, ve, err)
	s := &Stack[string]{}
	s.Push("a")
	s.Push("b")
	fmt.Println(s, *s)
	fmt.Printf("%v %+v %T\n", s, s, s)
	var a Animal = Dog{"rex"}
	fmt.Printf("%v %+v %#v\n", a, a, a)
	m := map[string][]int{"x": {1}, "a": {2, 3}}
	fmt.Println(m, len(m))
	fmt.Printf("%-10s|%8.3f|%+d|%05d|%x\n", "left", 3.14159, 5, 42, 255)
	fmt.Printf("%6d|%-6d|%06d\n", 42, 42, 42)
	fmt.Printf("%t %v %p\n", true, nil, nil)
	fmt.Printf("%c %U %q\n", 'G', 'G', 'G')
	fmt.Printf("%e %g %G\n", 1234.5678, 1e-7, 1e21)
	fmt.Printf("%s %10.3s|\n", strings.Repeat("ab", 3), "abcdef")
	fmt.Printf("%v %v\n", struct{}{}, &struct{ X int }{1})
	fmt.Printf("%3c|%-3c|\n", 'x', 'y')
	fmt.Printf("%08b %o %X %#x\n", 5, 8, 255, 255)
	fmt.Printf("%*d %-*d|\n", 5, 42, 5, 42)
	var np *Rect
	var ni Shape
	fmt.Println(np, ni, np == nil, ni == nil)
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for i := range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			total += i
			mu.Unlock()
		}()
	}
	wg.Wait()
	fmt.Println("total:", total, time.Duration(1500)*time.Millisecond)
	fmt.Fprintf(os.Stderr, "to stderr %d\n", 1)
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', tabwriter.AlignRight|tabwriter.Debug)
	fmt.Fprintln(w, "a\tb\tc")
	fmt.Fprintln(w, "aaa\tbbbb\tc")
	w.Flush()
	var b strings.Builder
	for i := 3; i >= 1; i-- {
		fmt.Fprintf(&b, "%d...", i)
	}
	b.WriteString("ignition")
	fmt.Println(b.String())
	defer func() {
		r := recover()
		fmt.Println("recovered:", r)
		fmt.Printf("%v %T\n", r, r)
	}()
	var arr []int
	_ = arr[5]
}
