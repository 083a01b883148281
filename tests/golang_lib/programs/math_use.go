// Package math.
package main

import (
	"fmt"
	"math"
)

func main() {
	fmt.Println(math.Pi, math.E, math.MaxInt64, uint64(math.MaxUint64), math.SmallestNonzeroFloat64, float32(math.MaxFloat32), math.Sqrt2, math.Log10E)
	values := []float64{0, math.Copysign(0, -1), 0.5, -0.5, 1, -1, 1.5, 2.5, -2.5, 10, 100.25, -708.5, 1e-7, 1e10, 1e300, math.Inf(1), math.Inf(-1), math.NaN(), 5e-324}
	for _, x := range values {
		fmt.Println(x, math.Abs(x), math.Ceil(x), math.Floor(x), math.Trunc(x), math.Round(x), math.RoundToEven(x), math.Signbit(x))
		fmt.Println(math.Sqrt(x), math.Cbrt(x), math.Exp(x), math.Exp2(x), math.Expm1(x), math.Log(x), math.Log2(x), math.Log10(x), math.Log1p(x))
		fmt.Println(math.Sin(x), math.Cos(x), math.Tan(x), math.Asin(x), math.Acos(x), math.Atan(x), math.Sinh(x), math.Cosh(x), math.Tanh(x))
		fmt.Println(math.Asinh(x), math.Acosh(x), math.Atanh(x), math.Gamma(x), math.Erf(x), math.Erfc(x), math.Erfinv(x), math.Erfcinv(x))
		fmt.Println(math.J0(x), math.J1(x), math.Jn(3, x), math.Y0(x), math.Y1(x), math.Yn(3, x), math.Logb(x), math.Ilogb(x))
		fmt.Println(math.Frexp(x))
		fmt.Println(math.Modf(x))
		fmt.Println(math.Lgamma(x))
		fmt.Println(math.Sincos(x))
		fmt.Println(math.Float64bits(math.Nextafter(x, 7)), math.Float32bits(float32(x)), math.Nextafter32(float32(x), -9), math.IsNaN(x), math.IsInf(x, 0), math.IsInf(x, 1), math.IsInf(x, -1))
		for _, y := range values {
			fmt.Println(math.Pow(x, y), math.Atan2(x, y), math.Hypot(x, y), math.Mod(x, y), math.Remainder(x, y), math.Max(x, y), math.Min(x, y), math.Dim(x, y), math.Copysign(x, y), math.FMA(x, y, 1.1))
		}
	}
	for _, n := range []int{-400, -323, -5, 0, 22, 23, 300, 308, 309} {
		fmt.Println(math.Pow10(n), math.Ldexp(0.75, n), math.Ldexp(1e-300, n))
	}
	fmt.Println(math.Float64bits(math.NaN()), math.Float64frombits(0x3ff8000000000000), math.Float32frombits(0x40490fdb), math.Inf(0))
}
