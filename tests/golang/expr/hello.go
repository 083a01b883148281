package main

import "fmt"

type Celsius float64

func (c Celsius) String() string { return fmt.Sprintf("%.1f°C", float64(c)) }

type Shape interface {
	Area() float64
	Name() string
}
type Rect struct{ W, H float64 }

func (r Rect) Area() float64  { return r.W * r.H }
func (r *Rect) Scale(k float64) { r.W *= k; r.H *= k }
func (r Rect) Name() string   { return "rect" }

type Named struct {
	*Rect
	Label string
}
type Pair[K comparable, V any] struct {
	Key K
	Val V
}

func (p Pair[K, V]) String() string { return fmt.Sprint(p.Key, "=", p.Val) }
func Map[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

type E struct{ code int }

func (e *E) Error() string { return fmt.Sprintf("E%d", e.code) }
func mayFail(n int) error {
	if n > 2 {
		return &E{n}
	}
	return nil
}

func main() {
	fmt.Println("hi", 1, 2.5, true, Celsius(21.5), []int{1, 2}, map[string]int{"b": 2, "a": 1})
	var s Shape = Rect{2, 3}
	fmt.Println(s.Area(), s.Name(), s)
	r := &Rect{1, 2}
	s = r
	r.Scale(2)
	fmt.Printf("%v %+v %#v %T\n", s, s, s, s)
	n := Named{r, "x"}
	n.Scale(2)
	fmt.Println(n.Area(), n.Label, n.W)
	s = n
	fmt.Println(s.Area())
	p := Pair[string, int]{"a", 1}
	fmt.Println(p, Map([]int{1, 2, 3}, func(i int) string { return fmt.Sprint(i * i) }))
	fmt.Printf("%T %v\n", p, &p)
	fmt.Println(mayFail(1), mayFail(3))
	if err := mayFail(4); err != nil {
		if e, ok := err.(*E); ok {
			fmt.Println("code", e.code)
		}
	}
	for i, r := range "héllo" {
		fmt.Print(i, ":", string(r), " ")
	}
	fmt.Println()
	defer func() {
		fmt.Println("recovered:", recover())
		var m map[string]int
		defer func() { fmt.Println("r2", recover()) }()
		m["a"] = 1
	}()
	var a []int
	i := 5
	fmt.Println(a[i])
}
