// Seeded random numbers are Go's: math/rand, math/rand/v2 and their distributions.
package main

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand"
	randv2 "math/rand/v2"
	"time"
)

// steps is a source without Uint64.
type steps struct{ x int64 }

func (s *steps) Int63() int64 {
	s.x = s.x*6364136223846793005 + 1442695040888963407
	return s.x & math.MaxInt64
}
func (s *steps) Seed(seed int64) { s.x = seed }

type steps2 struct{ x uint64 }

func (s *steps2) Uint64() uint64 { s.x = s.x*6364136223846793005 + 1442695040888963407; return s.x }

func one(r *rand.Rand) {
	fmt.Println(r.Int63(), r.Uint32(), r.Uint64(), r.Int31(), r.Int())
	fmt.Println(r.Int63n(1000), r.Int63n(1<<40+7), r.Int63n(64), r.Int31n(1000), r.Int31n(64), r.Intn(10), r.Intn(1<<40))
	fmt.Println(r.Float64(), r.Float32(), r.NormFloat64(), r.ExpFloat64())
	fmt.Println(r.Perm(12))
	x := []string{"a", "b", "c", "d", "e", "f", "g"}
	r.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
	b := make([]byte, 11)
	n, err := r.Read(b)
	fmt.Println(x, b, n, err)
	r.Read(b[:3])
	fmt.Println(b, r.Intn(100))
	h := fnv.New64a()
	for range 2000 {
		fmt.Fprint(h, r.NormFloat64(), r.ExpFloat64(), r.Intn(7), " ")
	}
	fmt.Println(h.Sum64())
	z := rand.NewZipf(r, 1.3, 2.5, 100)
	for range 8 {
		fmt.Print(z.Uint64(), " ")
	}
	fmt.Println()
}

func two(r *randv2.Rand) {
	fmt.Println(r.Uint64(), r.Uint32(), r.Int64(), r.Int32(), r.Int(), r.Uint())
	fmt.Println(r.IntN(10), r.IntN(1<<40+7), r.IntN(64), r.Int32N(1000), r.Int64N(1<<62+1), r.Uint32N(1<<31+1), r.Uint64N(1<<63+5), r.UintN(3))
	fmt.Println(r.Float64(), r.Float32(), r.NormFloat64(), r.ExpFloat64())
	fmt.Println(r.Perm(12), r.N(int8(100)), r.N(time.Hour))
	x := []int{1, 2, 3, 4, 5, 6, 7}
	r.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
	h := fnv.New64a()
	for range 2000 {
		fmt.Fprint(h, r.NormFloat64(), r.ExpFloat64(), r.IntN(7), " ")
	}
	fmt.Println(x, h.Sum64())
	z := randv2.NewZipf(r, 2, 1, 1000)
	fmt.Println(z.Uint64(), z.Uint64(), z.Uint64(), randv2.NewZipf(r, 1, 1, 1) == nil)
}

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	for _, seed := range []int64{1, 0, 42, -7, math.MaxInt64, math.MinInt64, 1<<31 - 1} {
		fmt.Println("seed", seed)
		one(rand.New(rand.NewSource(seed)))
	}
	r := rand.New(rand.NewSource(5))
	fmt.Println(r.Intn(100), r.Intn(100))
	r.Seed(5)
	fmt.Println(r.Intn(100), r.Intn(100))
	one(rand.New(&steps{9}))

	two(randv2.New(randv2.NewPCG(1, 2)))
	two(randv2.New(randv2.NewChaCha8([32]byte([]byte("chacha8: 32-byte seed for tests!")))))
	two(randv2.New(&steps2{9}))
	c := randv2.NewChaCha8([32]byte{1, 2, 3})
	h := fnv.New64()
	for range 1000 {
		fmt.Fprint(h, c.Uint64(), " ")
	}
	fmt.Println(h.Sum64())
	b := make([]byte, 13)
	fmt.Println(c.Read(b))
	fmt.Println(b)
	state, _ := c.MarshalBinary()
	fmt.Printf("%q\n", state)
	d := randv2.NewChaCha8([32]byte{})
	fmt.Println(d.UnmarshalBinary(state), c.Uint64() == d.Uint64(), d.UnmarshalBinary(state[:9]))
	p := randv2.NewPCG(3, 4)
	p.Uint64()
	state, _ = p.MarshalBinary()
	fmt.Printf("%q %v\n", state, p)
	q := new(randv2.PCG)
	fmt.Println(q.UnmarshalBinary(state), q.Uint64() == p.Uint64(), q.UnmarshalBinary(nil))

	// Of the functions of the packages only the range is promised.
	ok := true
	for range 200 {
		n := rand.Intn(10)
		ok = ok && 0 <= n && n < 10
		f := randv2.Float64()
		ok = ok && 0 <= f && f < 1
		d := randv2.N(10 * time.Second)
		ok = ok && 0 <= d && d < 10*time.Second
		ok = ok && rand.Int31n(3) < 3 && randv2.Uint32N(5) < 5 && rand.Float32() < 1
	}
	fmt.Println(ok, len(rand.Perm(5)), len(randv2.Perm(6)))
	try(func() { rand.Intn(0) })
	try(func() { rand.Int63n(-1) })
	try(func() { rand.Int31n(0) })
	try(func() { randv2.IntN(0) })
	try(func() { randv2.N(0) })
	try(func() { randv2.Int32N(-5) })
	try(func() { randv2.Uint64N(0) })
	try(func() { rand.Shuffle(-1, nil) })
	try(func() { randv2.Shuffle(-1, nil) })
	try(func() { rand.Perm(-1) })
}
