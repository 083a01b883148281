package main

import (
	"fmt"
)

type item struct{ n int }

func produce(n int) <-chan *item {
	out := make(chan *item)
	go func() {
		defer close(out)
		for i := range n {
			it := &item{}
			it.n = i
			out <- it
		}
	}()
	return out
}

func double(in <-chan *item) <-chan *item {
	out := make(chan *item)
	go func() {
		defer close(out)
		for it := range in {
			it.n *= 2
			out <- it
		}
	}()
	return out
}

func main() {
	out := double(produce(3))
	total := 0
	for p := range out {
		total += p.n
	}
	fmt.Println(total)
}
