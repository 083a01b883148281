package main

import (
	"errors"
	"fmt"
)

type MyErr struct{ Code int }

func (e MyErr) Error() string { return fmt.Sprintf("my %d", e.Code) }

type PtrErr struct{ msg string }

func (e *PtrErr) Error() string { return e.msg }

type isErr struct{ n int }

func (e isErr) Error() string        { return "is" }
func (e isErr) Is(target error) bool { return target == base }

type asErr struct{}

func (asErr) Error() string { return "as" }
func (asErr) As(target any) bool {
	p, ok := target.(*MyErr)
	if ok {
		*p = MyErr{77}
	}
	return ok
}

type sliceErr []string

func (s sliceErr) Error() string { return fmt.Sprint([]string(s)) }

type timeout interface{ Timeout() bool }

type tErr struct{ error }

func (tErr) Timeout() bool { return true }

var base = errors.New("base")

func try(f func()) {
	defer func() {
		if x := recover(); x != nil {
			fmt.Println("panic:", x)
		}
	}()
	f()
}

func main() {
	fmt.Println(base, base == errors.New("base"), errors.Is(base, base))
	w := fmt.Errorf("open %q: %w", "x", base)
	fmt.Println(w, errors.Is(w, base), errors.Unwrap(w) == base, errors.Unwrap(base) == nil)
	j := errors.Join(nil, w, MyErr{3}, nil)
	fmt.Println(j, errors.Is(j, base), errors.Is(j, MyErr{3}), errors.Is(j, MyErr{4}))
	fmt.Println(errors.Join() == nil, errors.Join(nil, nil) == nil, errors.Unwrap(j) == nil)
	var m MyErr
	fmt.Println(errors.As(j, &m), m.Code, m)
	var p *PtrErr
	fmt.Println(errors.As(j, &p), p == nil)
	fmt.Println(errors.As(fmt.Errorf("a: %w", &PtrErr{"hello"}), &p), p.msg)
	fmt.Println(errors.Is(isErr{1}, base), errors.Is(isErr{1}, w))
	fmt.Println(errors.As(asErr{}, &m), m.Code)
	var t timeout
	fmt.Println(errors.As(errors.Join(base, tErr{base}), &t), t.Timeout())
	s := sliceErr{"a"}
	fmt.Println(errors.Is(s, s), errors.Is(errors.Join(s, base), base))
	var sl sliceErr
	fmt.Println(errors.As(s, &sl), len(sl))
	fmt.Println(errors.Is(nil, base), errors.Is(base, nil), errors.Is(nil, nil))
	two := fmt.Errorf("%w and %w", base, MyErr{9})
	fmt.Println(two, errors.Is(two, base), errors.As(two, &m), m.Code)
	fmt.Println(errors.ErrUnsupported)
	try(func() { errors.As(base, nil) })
	try(func() { errors.As(base, MyErr{}) })
	try(func() { var x *int; errors.As(base, x) })
	try(func() { var x int; errors.As(base, &x) })
	if e, ok := errors.AsType[MyErr](two); ok {
		fmt.Println("AsType", e.Code)
	}
	_, ok := errors.AsType[*PtrErr](two)
	fmt.Println(ok)
	fmt.Printf("%T %T %v\n", base, j, errors.Join(base))
}
