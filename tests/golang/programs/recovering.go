package main

import (
	"errors"
	"fmt"
	"strings"
)

type T struct {
	n    int
	name string
}

func (t T) Rec() {
	if r := recover(); r != nil {
		fmt.Println("T.Rec got", r, t.n)
	}
}
func (t *T) PRec() {
	if r := recover(); r != nil {
		fmt.Println("T.PRec got", r, t.n)
	}
}

type I interface{ Rec() }

func tryMethod(k int) {
	t := T{n: k}
	switch k {
	case 0:
		defer t.Rec()
	case 1:
		defer t.PRec()
	case 2:
		var i I = t
		defer i.Rec()
	case 3:
		f := t.PRec
		defer f()
	case 4:
		defer func(r func()) { r() }(t.PRec)
		defer func() { fmt.Println("last chance", recover()) }()
	case 5:
		defer (*T).PRec(&t)
	case 6:
		var i I = &t
		defer i.Rec()
	}
	t.n = 100
	panic(fmt.Sprint("k", k))
}

func trace(s string) string { fmt.Println("enter", s); return s }
func un(s string)           { fmt.Println("leave", s) }

func order() (err error) {
	defer un(trace("order"))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	var f func()
	defer f()
	fmt.Println("before")
	return errors.New("returned")
}

func recDefer(n int) (s string) {
	defer func() {
		s += fmt.Sprint(n)
		if n%2 == 0 {
			if r := recover(); r != nil {
				s += fmt.Sprint("<", r, ">")
			}
		}
	}()
	if n == 0 {
		panic("bottom")
	}
	return recDefer(n-1) + "-"
}

func loopDefer() {
	for i := 0; i < 3; i++ {
		func() {
			defer fmt.Print("d", i, " ")
			if i == 1 {
				return
			}
			fmt.Print("b", i, " ")
		}()
	}
	fmt.Println()
}

func named() (a, b int, s string) {
	defer func() { a, b = b, a }()
	a, b, s = 1, 2, "x"
	if a > 0 {
		s := "shadow"
		_ = s
		return 5, 6, "y"
	}
	return
}

func multiRecover() (out []string) {
	for i := range 3 {
		func() {
			defer func() {
				out = append(out, fmt.Sprint(recover(), i))
			}()
			if i == 1 {
				return
			}
			panic(i * 10)
		}()
	}
	return
}

type stack []int

func (s *stack) push(v int) { *s = append(*s, v) }
func (s *stack) pop() (v int) {
	defer func() { *s = (*s)[:len(*s)-1] }()
	return (*s)[len(*s)-1]
}

func swtch(x int, s string) string {
	var b strings.Builder
	switch y := x * 2; {
	case y > 10:
		b.WriteString("big ")
		fallthrough
	case y > 100:
		b.WriteString("fell ")
	case y == 4, y == 6:
		b.WriteString("4or6 ")
	default:
		b.WriteString("def ")
	}
	switch s {
	default:
		b.WriteString("d")
	case "a", "b":
		b.WriteString("ab")
		if x == 1 {
			break
		}
		b.WriteString("+")
	case "c":
	}
	switch {
	}
	switch x := any(x).(type) {
	case int:
		b.WriteString(fmt.Sprint("int", x))
	}
	return b.String()
}

func gotoNest() string {
	s := ""
	i := 0
top:
	i++
	for {
		if i > 3 {
			goto done
		}
		switch i {
		case 1:
			s += "one "
			goto top
		case 2:
			s += "two "
			i++
			continue
		}
		s += "x "
		break
	}
	if i < 5 {
		i = 5
		goto top
	}
done:
	{
		j := 0
	inner:
		if j < 2 {
			s += fmt.Sprint("j", j, " ")
			j++
			goto inner
		}
	}
	return s
}

func shadow() {
	x := 1
	{
		x := x + 1
		{
			x := x * 10
			fmt.Print(x, " ")
		}
		fmt.Print(x, " ")
	}
	if x := x + 5; x > 3 {
		fmt.Print(x, " ")
	} else if y := x; y > 0 {
		fmt.Print(x, y)
	}
	for x := x; x < 3; x++ {
		x := x * 100
		fmt.Print(x, " ")
	}
	f := func(x int) int { x++; return x }
	fmt.Println(x, f(x))
	a, err := 1, error(nil)
	b, err := 2, errors.New("e")
	_, _, _ = a, b, err
	fmt.Println(a, b, err)
}

func assigns() {
	a := []int{1, 2, 3}
	i := 0
	i, a[i] = 1, 9
	fmt.Println(i, a)
	a[0], a[1], a[2] = a[2], a[0], a[1]
	fmt.Println(a)
	m := map[string]int{}
	m["x"]++
	m["x"] += 5
	m["y"] |= 3
	fmt.Println(m)
	var p struct{ x, y int }
	q := &p
	q.x, q.y = 3, 4
	q.x, q.y = q.y, q.x
	fmt.Println(p)
	arr := [3]int{1, 2, 3}
	brr := arr
	brr[0] = 7
	pa := &arr
	pa[1] = 8
	fmt.Println(arr, brr, *pa == arr)
	type N struct {
		v    int
		next *N
	}
	var head *N
	for i := range 3 {
		head = &N{i, head}
	}
	for head.next != nil {
		head, head.next, head.next.next = head.next, head.next.next, head
		break
	}
	fmt.Println(head.v)
	x, y := 1, 2
	x, y = y, x+y
	fmt.Println(x, y)
	s := "abc"
	s += "d"
	s = s[1:] + s[:1]
	fmt.Println(s)
	var u uint8 = 200
	u += 100
	u <<= 1
	u ^= 0xff
	fmt.Println(u)
}

func main() {
	for k := range 7 {
		tryMethod(k)
	}
	fmt.Println(order())
	fmt.Println(recDefer(3))
	loopDefer()
	fmt.Println(named())
	fmt.Println(multiRecover())
	var st stack
	st.push(1)
	st.push(2)
	fmt.Println(st.pop(), st)
	for i := range 8 {
		fmt.Println(swtch(i, string(rune('a'+i%4))))
	}
	fmt.Println(gotoNest())
	shadow()
	assigns()
	panic(errors.New("final"))
}
