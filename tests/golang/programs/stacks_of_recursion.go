package main

import "fmt"

type T struct{ f func(int) }

func (t *T) m(n int) {
	defer fmt.Println("m")
	if n == 0 {
		var p *T
		p.f(1)
	}
	t.m(n - 1)
}

func g() {
	defer func() {
		e := recover()
		fmt.Println("got", e)
		panic(fmt.Sprint("again: ", e))
	}()
	t := &T{}
	t.m(2)
}

func main() {
	defer fmt.Println("deferred in main")
	func() {
		g()
	}()
}
