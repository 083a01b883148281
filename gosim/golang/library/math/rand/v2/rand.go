// Package rand is Go's package math/rand/v2: a seeded source gives Go's numbers, the functions of
// the package draw from the run's own stream.
//
//gosim:since 1.22
package rand

import "math/bits"

type Source interface{ Uint64() uint64 }

type Rand struct{ src Source }

func New(src Source) *Rand { return &Rand{src: src} }

func (r *Rand) Int64() int64 { return int64(r.src.Uint64() &^ (1 << 63)) }

func (r *Rand) Uint32() uint32 { return uint32(r.src.Uint64() >> 32) }

func (r *Rand) Uint64() uint64 { return r.src.Uint64() }

func (r *Rand) Int32() int32 { return int32(r.src.Uint64() >> 33) }

func (r *Rand) Int() int { return int(r.src.Uint64() << 1 >> 1) }

//gosim:since 1.23
func (r *Rand) Uint() uint { return uint(r.src.Uint64()) }

// below returns a number from 0 to n-1 (Lemire 2019).
func (r *Rand) below(n uint64) uint64 {
	if n&(n-1) == 0 {
		return r.src.Uint64() & (n - 1)
	}
	hi, lo := bits.Mul64(r.src.Uint64(), n)
	if lo < n {
		least := -n % n
		for lo < least {
			hi, lo = bits.Mul64(r.src.Uint64(), n)
		}
	}
	return hi
}

func (r *Rand) Int64N(n int64) int64 {
	if n <= 0 {
		panic("invalid argument to Int64N")
	}
	return int64(r.below(uint64(n)))
}

func (r *Rand) Uint64N(n uint64) uint64 {
	if n == 0 {
		panic("invalid argument to Uint64N")
	}
	return r.below(n)
}

func (r *Rand) Int32N(n int32) int32 {
	if n <= 0 {
		panic("invalid argument to Int32N")
	}
	return int32(r.below(uint64(n)))
}

func (r *Rand) Uint32N(n uint32) uint32 {
	if n == 0 {
		panic("invalid argument to Uint32N")
	}
	return uint32(r.below(uint64(n)))
}

func (r *Rand) IntN(n int) int {
	if n <= 0 {
		panic("invalid argument to IntN")
	}
	return int(r.below(uint64(n)))
}

func (r *Rand) UintN(n uint) uint {
	if n == 0 {
		panic("invalid argument to UintN")
	}
	return uint(r.below(uint64(n)))
}

type intType interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 |
		~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

//gosim:since 1.27
func (r *Rand) N[Int intType](n Int) Int {
	if n <= 0 {
		panic("invalid argument to N")
	}
	return Int(r.below(uint64(n)))
}

func (r *Rand) Float64() float64 { return float64(r.Uint64()<<11>>11) / (1 << 53) }

func (r *Rand) Float32() float32 { return float32(r.Uint32()<<8>>8) / (1 << 24) }

func (r *Rand) Perm(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	r.Shuffle(len(p), func(i, j int) { p[i], p[j] = p[j], p[i] })
	return p
}

func (r *Rand) Shuffle(n int, swap func(i, j int)) {
	if n < 0 {
		panic("invalid argument to Shuffle")
	}
	for i := n - 1; i > 0; i-- {
		swap(i, int(r.below(uint64(i+1))))
	}
}

// runtimeSource is the run's own stream.
type runtimeSource struct{}

//gosim:is gosim.std.rand.uint64
func runtimeRand() uint64

func (runtimeSource) Uint64() uint64 { return runtimeRand() }

var global = &Rand{src: runtimeSource{}}

func Int64() int64 { return global.Int64() }

func Uint32() uint32 { return global.Uint32() }

//gosim:is gosim.std.rand.uint64
func Uint64() uint64

func Int32() int32 { return global.Int32() }

func Int() int { return global.Int() }

//gosim:since 1.23
func Uint() uint { return global.Uint() }

//gosim:is gosim.std.rand.int64_n
func Int64N(n int64) int64

//gosim:is gosim.std.rand.uint64_n
func Uint64N(n uint64) uint64

//gosim:is gosim.std.rand.int32_n
func Int32N(n int32) int32

//gosim:is gosim.std.rand.uint32_n
func Uint32N(n uint32) uint32

//gosim:is gosim.std.rand.int_n
func IntN(n int) int

//gosim:is gosim.std.rand.uint_n
func UintN(n uint) uint

func N[Int intType](n Int) Int {
	if n <= 0 {
		panic("invalid argument to N")
	}
	return Int(global.below(uint64(n)))
}

//gosim:is gosim.std.rand.float64
func Float64() float64

func Float32() float32 { return global.Float32() }

func Perm(n int) []int { return global.Perm(n) }

func Shuffle(n int, swap func(i, j int)) { global.Shuffle(n, swap) }

func NormFloat64() float64 { return global.NormFloat64() }

func ExpFloat64() float64 { return global.ExpFloat64() }
