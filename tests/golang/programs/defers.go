package main

import (
	"errors"
	"fmt"
	"os"
)

func a() (r int, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("rec: %v", e)
			r++
		}
	}()
	r = 5
	var m map[string]int
	m["x"] = 1
	return 9, nil
}

func b() int {
	defer func() { recover() }()
	defer func() { panic(1) }()
	return 5
}

func c() (n int) {
	defer func() { n *= 2 }()
	return 21
}

func helper() any { return recover() }

func d() (s string) {
	defer func() {
		if e := recover(); e != nil {
			s = fmt.Sprint("outer ", e)
		}
	}()
	defer func() {
		fmt.Println("helper:", helper())
	}()
	panic("deep")
}

func e() {
	defer fmt.Println("e1")
	defer func() {
		defer func() {
			fmt.Println("inner recover:", recover())
		}()
		panic("second")
	}()
	defer func() {
		fmt.Println("first recover:", recover())
	}()
	panic("first")
}

type T struct{ n int }

func (t T) show(s string)   { fmt.Println(s, t.n) }
func (t *T) pshow(s string) { fmt.Println(s, t.n) }

func f() {
	t := T{1}
	defer t.show("value")
	defer t.pshow("pointer")
	t.n = 2
}

func g() {
	for i := 0; i < 3; i++ {
		defer func() { fmt.Print(i, " ") }()
		defer func(n int) { fmt.Print("n", n, " ") }(i)
	}
}

func div(a, b int) (q int, err error) {
	defer func() {
		if r := recover(); r != nil {
			if re, ok := r.(error); ok {
				err = re
			}
		}
	}()
	return a / b, nil
}

func idx(s []int, i int) (v int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
		}
	}()
	return s[i], nil
}

type node struct{ next *node; v int }

func nilp() (err error) {
	defer func() { err = recover().(error) }()
	var n *node
	return fmt.Errorf("%d", n.next.v)
}

func rec2() {
	defer func() {
		fmt.Println("A", recover())
	}()
	defer func() {
		fmt.Println("B", recover())
		panic("again")
	}()
	panic("orig")
}

func nested() {
	defer func() {
		fmt.Println("recover in nested:", recover())
	}()
	func() {
		defer func() {
			defer func() { fmt.Println("X", recover()) }()
			panic("p2")
		}()
		panic("p1")
	}()
	fmt.Println("not reached")
}

var errX = errors.New("x")

func closureResult() (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("wrapped: %w", err)
		}
	}()
	return errX
}

func main() {
	fmt.Println(a())
	fmt.Println(b(), c(), d())
	e()
	f()
	g()
	fmt.Println()
	fmt.Println(div(1, 0))
	fmt.Println(div(7, 2))
	fmt.Println(idx([]int{1, 2}, 5))
	fmt.Println(idx([]int{1, 2}, 1))
	fmt.Println(nilp())
	rec2()
	nested()
	err := closureResult()
	fmt.Println(err, errors.Is(err, errX))
	defer fmt.Println("not printed")
	os.Exit(3)
}
