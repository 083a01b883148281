// The first numbers of math/rand/v2's PCG, of every kind; tests/test_rand.py draws them again.
package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
)

func bits(f float64) string { return strconv.FormatUint(math.Float64bits(f), 16) }

func main() {
	a, _ := strconv.ParseUint(os.Args[1], 10, 64)
	b, _ := strconv.ParseUint(os.Args[2], 10, 64)
	r := rand.New(rand.NewPCG(a, b))
	for i := 0; i < 50; i++ {
		fmt.Println(r.Uint64(), r.Uint32(), r.Int64(), r.Int32(), r.Int(), r.Uint(),
			r.IntN(10), r.IntN(1<<40+7), r.IntN(64), r.Int32N(1000), r.Int64N(1<<62+1),
			r.Uint32N(1<<31+1), r.Uint64N(1<<63+5), r.UintN(3),
			bits(r.Float64()), bits(float64(r.Float32())), bits(r.NormFloat64()), bits(r.ExpFloat64()))
	}
	fmt.Println(r.Perm(20))
	for i := 0; i < 3000; i++ {
		fmt.Println(bits(r.NormFloat64()), bits(r.ExpFloat64()))
	}
}
