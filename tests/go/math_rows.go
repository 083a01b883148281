// The bits of every function of package math for the numbers on stdin (as bits, hexadecimal).
package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
)

var unary = []struct {
	name string
	f    func(float64) float64
}{
	{"Abs", math.Abs}, {"Acos", math.Acos}, {"Acosh", math.Acosh}, {"Asin", math.Asin}, {"Asinh", math.Asinh},
	{"Atan", math.Atan}, {"Atanh", math.Atanh}, {"Cbrt", math.Cbrt}, {"Ceil", math.Ceil}, {"Cos", math.Cos},
	{"Cosh", math.Cosh}, {"Erf", math.Erf}, {"Erfc", math.Erfc}, {"Erfcinv", math.Erfcinv}, {"Erfinv", math.Erfinv},
	{"Exp", math.Exp}, {"Exp2", math.Exp2}, {"Expm1", math.Expm1}, {"Floor", math.Floor}, {"Gamma", math.Gamma},
	{"J0", math.J0}, {"J1", math.J1}, {"Log", math.Log}, {"Log10", math.Log10}, {"Log1p", math.Log1p}, {"Log2", math.Log2},
	{"Logb", math.Logb}, {"Round", math.Round}, {"RoundToEven", math.RoundToEven}, {"Sin", math.Sin}, {"Sinh", math.Sinh},
	{"Sqrt", math.Sqrt}, {"Tan", math.Tan}, {"Tanh", math.Tanh}, {"Trunc", math.Trunc}, {"Y0", math.Y0}, {"Y1", math.Y1},
}
var binary = []struct {
	name string
	f    func(x, y float64) float64
}{
	{"Atan2", math.Atan2}, {"Copysign", math.Copysign}, {"Dim", math.Dim}, {"Hypot", math.Hypot}, {"Max", math.Max},
	{"Min", math.Min}, {"Mod", math.Mod}, {"Nextafter", math.Nextafter}, {"Pow", math.Pow}, {"Remainder", math.Remainder},
}

func b(x float64) uint64 {
	if x != x {
		return 0x7ff8000000000001
	}
	return math.Float64bits(x)
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		var kind string
		var p, q, r uint64
		fmt.Sscanf(in.Text(), "%s %x %x %x", &kind, &p, &q, &r)
		x, y, z := math.Float64frombits(p), math.Float64frombits(q), math.Float64frombits(r)
		switch kind {
		case "1":
			for _, u := range unary {
				fmt.Fprintf(out, "%s %x %x\n", u.name, p, b(u.f(x)))
			}
			g, s := math.Lgamma(x)
			f, e := math.Frexp(x)
			i, fr := math.Modf(x)
			si, co := math.Sincos(x)
			fmt.Fprintf(out, "Lgamma %x %x %d\nFrexp %x %x %d\nModf %x %x %x\nSincos %x %x %x\nIlogb %x %d\n", p, b(g), s, p, b(f), e, p, b(i), b(fr), p, b(si), b(co), p, math.Ilogb(x))
			fmt.Fprintf(out, "Nextafter32 %x %x %x\n", p, b(float64(math.Nextafter32(float32(x), 1))), math.Float32bits(float32(math.Abs(x))))
		case "2":
			for _, u := range binary {
				fmt.Fprintf(out, "%s %x %x %x\n", u.name, p, q, b(u.f(x, y)))
			}
		case "3":
			fmt.Fprintf(out, "FMA %x %x %x %x\n", p, q, r, b(math.FMA(x, y, z)))
		case "n":
			n := int(int64(q))
			fmt.Fprintf(out, "Jn %x %x %x\nYn %x %x %x\nLdexp %x %x %x\nPow10 %x %x\n", q, p, b(math.Jn(n, x)), q, p, b(math.Yn(n, x)), p, q, b(math.Ldexp(x, n)), q, b(math.Pow10(n)))
		}
	}
}
