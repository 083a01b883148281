package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"
	"strings"
	"bytes"
)

type C struct {
	mu sync.Mutex
	n  int
}
type D struct {
	rw sync.RWMutex
	wg sync.WaitGroup
	o  sync.Once
	a  atomic.Int64
	b  atomic.Bool
	t  time.Duration
	c  context.Context
}

func main() {
	c := C{n: 5}
	fmt.Println(&c)
	fmt.Printf("%v %+v %#v\n", &c, &c, &c)
	d := &D{}
	fmt.Printf("%v\n%+v\n%T %T\n", d, d, d.rw, &d.a)
	ctx, cancel := context.WithCancel(context.Background())
	fmt.Println(context.Background(), ctx)
	cancel()
	fmt.Println(ctx.Err(), ctx, context.DeadlineExceeded)
	fmt.Printf("%v %T %d %s\n", time.Second, time.Second, time.Second, 90*time.Minute)
	fmt.Printf("%v %T\n", errors.ErrUnsupported, errors.ErrUnsupported)
	fmt.Printf("%T %v %s\n", time.Monday, time.Monday, time.March)
	fmt.Printf("%T %v\n", os.Args[1:], len(os.Args))
	fmt.Printf("%v\n", strings.NewReader("x"))
	var sb strings.Builder
	sb.WriteString("hey")
	fmt.Println(sb.String(), &bytes.Buffer{})
	fmt.Printf("%T %T\n", sync.Mutex{}, &sync.WaitGroup{})
	var e *os.PathError
	fmt.Println(e == nil)
	var p *int
	x := 5
	p2 := &x
	fmt.Println(p, *p2, p2 == &x)
	fmt.Printf("%v %v\n", struct{ p *int }{nil}, []*C{nil})
	fmt.Printf("%v\n", [3]struct{ a, b any }{})
	fmt.Printf("%v %v\n", map[string]*C{"a": nil}, map[C2]bool{{1, "x"}: true})
	fmt.Printf("%5t|%v|%q|%v\n", true, 'x', 'x', "x"[0])
	fmt.Printf("%s\n", error(nil))
	fmt.Printf("%d %s\n", d.t, d.t)
	fmt.Printf("%x %X %x\n", "hello", []byte("hi"), 3.5)
	fmt.Printf("%v %+v\n", struct {
		A *int
		B []string
		C map[string]int
		D chan int
		E func()
		F error
	}{}, struct{ X, Y any }{1, "a"})
}

type C2 struct {
	a int
	b string
}
