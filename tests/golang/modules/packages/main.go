package main

import (
	"errors"
	"fmt"

	"example.com/mod/internal/deep"
	. "example.com/mod/shapes"
	u "example.com/mod/util"
)

type hidden struct{ Rect }

func (h hidden) secret() string { return "main secret" }

type secretive interface{ secret() string }

var top = u.Next("main.top")

func init() { fmt.Println("main init", top, u.Count) }

type localErr struct{ error }

func main() {
	u.Count += 10
	fmt.Println(u.Count, u.Next("x"), deep.Depth(3))
	var s Shape = NewRect(2, 3)
	fmt.Println(s.Area(), s, Describe(s))
	h := hidden{*NewRect(1, 1)}
	fmt.Println(h.Area(), Reveal(s))
	var x any = h
	_, ok := x.(secretive)
	fmt.Println(ok, Reveal(h.Rect))
	q := u.Queue[string]{}
	q.Push("a")
	q.Push("b")
	fmt.Println(q.Pop(), q.Len(), u.Map([]int{1, 2}, func(i int) string { return fmt.Sprint(i * 2) }))
	err := fmt.Errorf("ctx: %w", ErrBad)
	fmt.Println(errors.Is(err, ErrBad), err)
	var le localErr
	fmt.Println(errors.As(localErr{ErrBad}, &le), le)
	p := &u.Count
	*p = 99
	fmt.Println(u.Count, u.Get(), *p)
	u.Table["k"]++
	fmt.Println(u.Table, Unit.W, Origin)
	Origin.X = 5
	fmt.Println(ShowOrigin())
	defer u.Guard("guarded")
	deep.Fail(2)
}
