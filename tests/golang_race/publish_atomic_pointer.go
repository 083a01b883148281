package main

import (
	"fmt"
	"sync/atomic"
)

type config struct{ v int }

func main() {
	var p atomic.Pointer[config]
	go func() {
		c := &config{}
		c.v = 7
		p.Store(c)
	}()
	if c := p.Load(); c != nil {
		fmt.Println(c.v)
	}
}
