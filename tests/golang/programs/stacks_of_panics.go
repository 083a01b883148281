package main

import "fmt"

type E struct{ a, b int }

type Str string

func f(k int) {
	defer func() {
		if k == 3 {
			panic(fmt.Errorf("wrapped %w", recover().(error)))
		}
	}()
	var a []int
	_ = a[k]
}

func main() {
	func() {
		defer func() { fmt.Println(recover()) }()
		f(1)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		panic(Str("x"))
	}()
	defer func() {
		defer func() {
			panic(3.5)
		}()
		panic(Str("second\nline"))
	}()
	f(3)
}
