// What maps do that the figures of MemStats do not tell: panics, NaN keys, the map's sizes.
package main

import (
	"fmt"
	"math"
	"runtime"
)

func try(name string, f func()) {
	defer func() { fmt.Printf("%s: %v\n", name, recover()) }()
	f()
}

var keep any

func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// The live bytes of the map that build makes; the smallest of some builds, without what the runtime
// itself happened to allocate meanwhile.
func bytes(name string, build func() any) {
	best := uint64(math.MaxUint64)
	for i := 0; i < 5; i++ {
		keep = nil
		before := live()
		keep = build()
		if after := live(); after >= before {
			best = min(best, after-before)
		}
	}
	fmt.Printf("%s: %d\n", name, best)
}

type pair struct {
	a byte
	b int32
}

func fill[K comparable, V any](n int, key func(int) K) func() any {
	return func() any {
		m := make(map[K]V)
		var zero V
		for i := 0; i < n; i++ {
			m[key(i)] = zero
		}
		return m
	}
}

func main() {
	var n map[any]int
	m := map[any]int{}
	full := map[any]int{1: 1}
	k := any([]int{1})
	try("nil set", func() { n[1] = 1 })
	try("nil set unhashable", func() { n[k] = 1 })
	try("nil get unhashable", func() { _ = n[k] })
	try("nil delete unhashable", func() { delete(n, k) })
	try("empty get unhashable", func() { _ = m[k] })
	try("empty delete unhashable", func() { delete(m, k) })
	try("set unhashable", func() { m[k] = 1 })
	try("full get unhashable", func() { _ = full[k] })
	try("full delete unhashable", func() { delete(full, k) })

	full[1.0], full[true], full["1"], full[int32(1)] = 2, 3, 4, 5
	fmt.Println("any keys:", len(full))
	nan := map[float64]int{}
	for i := 0; i < 20; i++ {
		nan[math.NaN()] = i
	}
	_, found := nan[math.NaN()]
	delete(nan, math.NaN())
	fmt.Println("nan:", len(nan), found)
	sum := 0
	for _, v := range nan {
		sum += v
	}
	clear(nan)
	fmt.Println("nan sum:", sum, len(nan))
	zeros := map[float64]int{0: 1}
	zeros[math.Copysign(0, -1)] = 2
	for k, v := range zeros {
		fmt.Println("zero:", math.Signbit(k), v, len(zeros))
	}

	for _, n := range []int{1, 8, 14, 28, 112, 448, 896, 1000} {
		bytes(fmt.Sprint("int32_byte ", n), fill[int32, byte](n, func(i int) int32 { return int32(i) }))
		bytes(fmt.Sprint("byte_pair ", n), fill[byte, pair](min(n, 256), func(i int) byte { return byte(i) }))
		bytes(fmt.Sprint("int_big ", n), fill[int, [129]byte](n, func(i int) int { return i }))
		bytes(fmt.Sprint("bigkey_int ", n), fill[[136]byte, int](n, func(i int) (k [136]byte) {
			k[0], k[1] = byte(i), byte(i>>8)
			return
		}))
		bytes(fmt.Sprint("int_ptr ", n), fill[int, *int](n, func(i int) int { return i }))
	}
	bytes("update of eight", func() any {
		m := make(map[int]int)
		for i := 0; i < 8; i++ {
			m[i] = i
		}
		m[3] = 4
		return m
	})
	bytes("update of eight strings", func() any {
		m := make(map[any]int)
		for i := 0; i < 8; i++ {
			m[any(byte(i))] = i
		}
		m[any(byte(3))] = 4
		return m
	})
	keep = nil
	maps := make([]map[int]int, 400)
	for _, n := range []int{26, 28, 100, 416, 1792} {
		clear(maps)
		before := live()
		for i := range maps {
			maps[i] = map[int]int{}
			for k := 0; k < n; k++ {
				maps[i][k] = k
			}
		}
		fmt.Printf("mean %d: %d bytes\n", n, (live()-before)/uint64(len(maps)))
	}
	runtime.KeepAlive(maps)
}
