package main

import (
	"fmt"
	"runtime"
	"time"
	"unique"
	"weak"
)

type node struct {
	name string
	next *node
	pad  [64]byte
}

func make_(name string) {
	n := &node{name: name}
	runtime.SetFinalizer(n, func(n *node) { fmt.Println("finalized", n.name) })
}

func cleanup(name string) {
	n := &node{name: name}
	runtime.AddCleanup(n, func(s string) { fmt.Println("cleanup", s) }, "arg of "+name)
	c := runtime.AddCleanup(n, func(i int) { fmt.Println("never", i) }, 3)
	c.Stop()
}

func weakly() weak.Pointer[node] {
	n := &node{name: "weak"}
	w := weak.Make(n)
	fmt.Println(w.Value() == n, w.Value().name, w == weak.Make(n))
	runtime.KeepAlive(n)
	return w
}

func main() {
	make_("a")
	runtime.GC()
	time.Sleep(time.Millisecond)
	cleanup("b")
	runtime.GC()
	time.Sleep(time.Millisecond)
	w := weakly()
	runtime.GC()
	runtime.GC()
	fmt.Println(w.Value() == nil)
	var zero weak.Pointer[int]
	fmt.Println(zero.Value() == nil, zero == weak.Make[int](nil))
	h1, h2, h3 := unique.Make("x"), unique.Make("x"), unique.Make("y")
	fmt.Println(h1 == h2, h1 == h3, h1.Value())
	type pt struct{ x, y int }
	fmt.Println(unique.Make(pt{1, 2}) == unique.Make(pt{1, 2}), unique.Make(pt{1, 2}).Value())
	kept := &node{name: "kept"}
	runtime.SetFinalizer(kept, func(n *node) { fmt.Println("never") })
	runtime.SetFinalizer(kept, nil)
	runtime.GC()
	time.Sleep(time.Millisecond)
	runtime.KeepAlive(kept)
	x := new(int)
	*x = 5
	p := weak.Make(x)
	fmt.Println(*p.Value())
	runtime.KeepAlive(x)
}
