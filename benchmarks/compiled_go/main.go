// Work for compiled Go: main WORK N does it N times and prints a result that can be checked.
package main

import (
	"fmt"
	"os"
	"strconv"
)

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

// turns is a million turns of an inner loop.
func turns() int {
	sum := 0
	for i := 0; i < 1000; i++ {
		for j := 0; j < 1000; j++ {
			sum += (i ^ j) & 7
		}
	}
	return sum
}

// matrix is the product of two matrices of 80 × 80.
func matrix() int {
	const n = 80
	a, b, c := square(n), square(n), square(n)
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			sum := 0
			for k := 0; k < n; k++ {
				sum += a[i][k] * b[k][j]
			}
			c[i][j] = sum
		}
	}
	return c[3][5]
}

func square(n int) [][]int {
	m := make([][]int, n)
	for i := range m {
		m[i] = make([]int, n)
		for j := range m[i] {
			m[i][j] = i + j
		}
	}
	return m
}

// pingpong is 10 000 round trips over two unbuffered channels.
func pingpong() int {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v + 1
		}
	}()
	v := 0
	for i := 0; i < 10000; i++ {
		ping <- v
		v = <-pong
	}
	close(ping)
	return v
}

// sieve finds the first 500 primes with a chain of goroutines.
func sieve() int {
	ch := make(chan int)
	go func(out chan<- int) {
		for i := 2; ; i++ {
			out <- i
		}
	}(ch)
	prime := 0
	for i := 0; i < 500; i++ {
		prime = <-ch
		next := make(chan int)
		go func(in <-chan int, out chan<- int, prime int) {
			for {
				if i := <-in; i%prime != 0 {
					out <- i
				}
			}
		}(ch, next, prime)
		ch = next
	}
	return prime
}

func main() {
	works := map[string]func() int{
		"fib":      func() int { return fib(25) },
		"turns":    turns,
		"matrix":   matrix,
		"pingpong": pingpong,
		"sieve":    sieve,
	}
	n, _ := strconv.Atoi(os.Args[2])
	result := 0
	for i := 0; i < n; i++ {
		result = works[os.Args[1]]()
	}
	fmt.Println(result)
}
