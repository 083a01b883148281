// Methods with type parameters of their own (Go 1.27).
package main

import (
	"fmt"
	"math/rand/v2"
	"time"
)

type box[T any] struct{ v T }

func (b box[T]) mapped[U any](f func(T) U) box[U] { return box[U]{f(b.v)} }

type plain int

func (p plain) times[N int | float64](n N) N { return n * N(p) }

func main() {
	r := rand.New(rand.NewPCG(1, 2))
	fmt.Println(r.N(int8(100)), r.N(time.Hour))
	fmt.Println(plain(3).times(2.5), plain(4).times(7), box[int]{4}.mapped(func(i int) string { return fmt.Sprint(i, "!") }))
}
