package main

import "fmt"

func labels() {
outer:
	for i := 0; i < 4; i++ {
		for j := 0; j < 4; j++ {
			if j == 2 {
				continue outer
			}
			if i == 2 {
				break outer
			}
			switch {
			case i == 1 && j == 1:
				fmt.Println("skip")
				continue outer
			case j == 0:
				break
			default:
				fmt.Println("default")
			}
			fmt.Println(i, j)
		}
	}
	for i := 0; ; i++ {
		switch i {
		case 3:
			continue
		case 5:
			return
		case 1, 2:
			fmt.Println("one or two")
			fallthrough
		case 9:
			fmt.Println("nine")
			if i == 2 {
				break
			}
			fmt.Println("after")
		default:
			fmt.Println("def", i)
		}
	}
}

func gotos(n int) (s int) {
	i := 0
loop:
	if i < n {
		s += i
		i++
		goto loop
	}
	for j := 0; j < 10; j++ {
		if j == 5 {
			goto end
		}
		s += 100
	}
end:
	s++
	return
}

func closures() {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += 10; return i })
	}
	for _, f := range fs {
		fmt.Print(f(), " ", f(), " ")
	}
	fmt.Println()
	var gs []func()
	for i := range 3 {
		x := i * i
		gs = append(gs, func() { fmt.Print(i, x, ";") })
	}
	for _, g := range gs {
		g()
	}
	x := 1
	inc := func() { x++ }
	inc()
	inc()
	fmt.Println(x)
	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	fmt.Println(fib(15))
	for i := 0; i < 3; i++ {
		defer func() { fmt.Println("deferred", i) }()
		p := &i
		*p += 0
	}
}

func ranges() {
	arr := [3]int{1, 2, 3}
	for i, v := range arr {
		arr[2] = 10
		fmt.Print(i, v, " ")
	}
	sl := []int{1, 2, 3}
	for i, v := range sl {
		sl[2] = 10
		if i == 0 {
			sl = append(sl, 5)
		}
		fmt.Print(i, v, " ")
	}
	for i, r := range "héllo, 世界\xff" {
		fmt.Print(i, ":", string(r), " ")
	}
	fmt.Println()
	m := map[string]int{"a": 1}
	for k, v := range m {
		fmt.Println(k, v)
	}
	for i := range 3 {
		i += 5
		fmt.Print(i, " ")
	}
	for range 2 {
		fmt.Print("x")
	}
	var p *[3]int = &arr
	for i, v := range p {
		p[1] = 77
		fmt.Print(i, v, " ")
	}
	type S struct{ a int }
	ss := []S{{1}, {2}}
	for _, s := range ss {
		s.a = 9
	}
	for i := range ss {
		ss[i].a++
	}
	fmt.Println(ss)
	for i := 10; i > 0; i -= 3 {
		fmt.Print(i, " ")
	}
	for i := uint8(250); i >= 250; i++ {
		fmt.Print(i, " ")
	}
	var k, v int
	for k, v = range sl {
	}
	fmt.Println(k, v)
	ch := make(chan int, 3)
	ch <- 1
	ch <- 2
	close(ch)
	for v := range ch {
		fmt.Print(v, " ")
	}
	v2, ok := <-ch
	fmt.Println(v2, ok)
}

func seq(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				fmt.Println("stopped", i)
				return
			}
		}
		fmt.Println("end")
	}
}

func rangeFunc() (r string) {
	for x := range seq(3) {
		fmt.Print(x, " ")
	}
	for x := range seq(10) {
		if x == 1 {
			continue
		}
		if x == 3 {
			break
		}
		fmt.Print(x, " ")
	}
outer:
	for i := 0; i < 3; i++ {
		for x := range seq(5) {
			for y := range seq(5) {
				if y == 1 && x == 0 {
					break
				}
				if x == 1 {
					continue outer
				}
				if i == 2 {
					break outer
				}
				fmt.Print("<", i, x, y, "> ")
			}
		}
	}
	defer func() { r += "!" }()
	sum := 0
	for x := range seq(10) {
		defer fmt.Println("deferred in range", x)
		sum += x
		if x == 4 {
			return fmt.Sprint("returned ", sum)
		}
	}
	return "no"
}

func typeSwitch(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case int:
		return fmt.Sprint("int ", v+1)
	case string, []byte:
		return fmt.Sprintf("stringish %v", v)
	case error:
		return "error " + v.Error()
	case func() int:
		return fmt.Sprint("func ", v())
	case *int:
		return fmt.Sprint("ptr ", *v)
	default:
		return fmt.Sprintf("other %T", v)
	}
}

func main() {
	labels()
	fmt.Println(gotos(5))
	closures()
	ranges()
	fmt.Println(rangeFunc())
	n := 3
	for _, x := range []any{nil, 1, "s", []byte("b"), fmt.Errorf("e"), func() int { return 4 }, &n, 1.5, struct{}{}} {
		fmt.Println(typeSwitch(x))
	}
}
