package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type a struct {
	t time.Time
	d time.Duration
}
type b struct {
	mu sync.Mutex
	n  int
}
type c struct{ wg sync.WaitGroup }
type d struct {
	o  sync.Once
	rw sync.RWMutex
}
type e struct {
	n atomic.Int64
	b atomic.Bool
	v atomic.Value
	p atomic.Pointer[int]
}
type f struct {
	sb  strings.Builder
	buf bytes.Buffer
}
type h struct{ m sync.Map }
type i struct {
	Mu sync.Mutex
	T  time.Time
}

func main() {
	fmt.Printf("%v\n", a{})
	fmt.Printf("%+v\n", &a{d: 5})
	fmt.Printf("%v\n", &b{})
	fmt.Printf("%+v\n", &b{n: 1})
	x := &b{}
	x.mu.Lock()
	fmt.Printf("%+v\n", x)
	fmt.Printf("%#v\n", x)
	fmt.Printf("%v\n", &c{})
	fmt.Printf("%+v\n", &d{})
	fmt.Printf("%v\n", &e{})
	fmt.Printf("%+v\n", &f{})
	fmt.Printf("%+v\n", &i{})
	fmt.Printf("%v\n", &sync.Mutex{})
	fmt.Printf("%d\n", time.Time{})
	fmt.Printf("%#v\n", time.Time{})
	fmt.Printf("%#v\n", a{})
	fmt.Println(context.WithValue(context.Background(), "a", "b"))
}
