// Finalizers, told again by tests/test_mgc.py: the order, chains, cycles, objects that rise again,
// one that blocks.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

type node struct {
	name string
	next *node
	pad  [4]int
}

var saved *node
var log []string

func fin(n *node) { log = append(log, n.name) }

//go:noinline
func chainOf() {
	a := &node{name: "a"}
	b := &node{name: "b"}
	c := &node{name: "c"}
	a.next = b
	b.next = c
	runtime.SetFinalizer(a, fin)
	runtime.SetFinalizer(b, fin)
	runtime.SetFinalizer(c, fin)
}

//go:noinline
func cycle() {
	a := &node{name: "cycle a"}
	b := &node{name: "cycle b"}
	a.next = b
	b.next = a
	runtime.SetFinalizer(a, fin)
}

//go:noinline
func many() {
	for i := 0; i < 8; i++ {
		n := &node{name: fmt.Sprint(i)}
		runtime.SetFinalizer(n, fin)
	}
}

//go:noinline
func rising() {
	n := &node{name: "risen"}
	runtime.SetFinalizer(n, func(n *node) { fin(n); saved = n })
}

//go:noinline
func blocking(c chan int) {
	n := &node{name: "blocks"}
	runtime.SetFinalizer(n, func(n *node) { fin(n); <-c })
}

//go:noinline
func one(name string) { runtime.SetFinalizer(&node{name: name}, fin) }

//go:noinline
func taken() {
	n := &node{name: "taken back"}
	runtime.SetFinalizer(n, fin)
	runtime.SetFinalizer(n, nil)
}

//go:noinline
func leaving() {
	n := &node{name: "goexit"}
	runtime.SetFinalizer(n, func(n *node) { fin(n); runtime.Goexit() })
}

func gc(what string) {
	runtime.GC()
	fmt.Printf("%s: [%s] %d\n", what, strings.Join(log, " "), runtime.NumGoroutine())
	time.Sleep(10 * time.Millisecond)
	log = nil
}

func main() {
	chainOf()
	for i := 1; i <= 4; i++ {
		gc(fmt.Sprint("chain ", i))
	}
	cycle()
	gc("cycle 1")
	gc("cycle 2")
	many()
	gc("many")
	rising()
	gc("rising 1")
	fmt.Println(saved.name, "is there")
	saved = nil
	gc("rising 2")
	taken()
	gc("taken back")
	for i := 0; i < 3; i++ {
		go func(i int) { log = append(log, fmt.Sprint("g", i)) }(i)
	}
	gc("goroutines first")
	c := make(chan int)
	blocking(c)
	gc("blocking")
	many()
	gc("behind it")
	c <- 1
	gc("freed")
	leaving()
	gc("leaving")
	one("never")
	gc("nobody is left")
}
