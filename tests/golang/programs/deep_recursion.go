package main

type node struct {
	v    int
	next *node
}

func build(n int) *node {
	if n == 0 {
		return nil
	}
	return &node{n, build(n - 1)}
}

func (l *node) sum() int {
	if l == nil {
		return 0
	}
	return l.v + l.next.sum()
}

var c = make(chan int, 1)

func async(n int) int {
	if n == 0 {
		return 0
	}
	c <- n
	return <-c + async(n-1)
}

func withDefer(n int) (r int) {
	defer func() { r++ }()
	if n == 0 {
		return 0
	}
	return withDefer(n - 1)
}

func main() {
	println(build(50000).sum())
	println(async(50000))
	println(withDefer(20000))
}
