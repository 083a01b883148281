// Package math/cmplx.
package main

import (
	"fmt"
	"math"
	"math/cmplx"
)

func main() {
	parts := []float64{0, math.Copysign(0, -1), -1, 0.5, 2.75, -7, 40, 1e12, -3e300, math.Inf(1), math.Inf(-1), math.NaN()}
	functions := []struct {
		name string
		f    func(complex128) complex128
	}{
		{"sqrt", cmplx.Sqrt}, {"exp", cmplx.Exp}, {"log", cmplx.Log}, {"log10", cmplx.Log10},
		{"sin", cmplx.Sin}, {"cos", cmplx.Cos}, {"tan", cmplx.Tan}, {"cot", cmplx.Cot},
		{"sinh", cmplx.Sinh}, {"cosh", cmplx.Cosh}, {"tanh", cmplx.Tanh},
		{"asin", cmplx.Asin}, {"acos", cmplx.Acos}, {"atan", cmplx.Atan},
		{"asinh", cmplx.Asinh}, {"acosh", cmplx.Acosh}, {"atanh", cmplx.Atanh}, {"conj", cmplx.Conj},
	}
	for _, re := range parts {
		for _, im := range parts {
			z := complex(re, im)
			fmt.Print(z, cmplx.Abs(z), cmplx.Phase(z), cmplx.IsNaN(z), cmplx.IsInf(z))
			for _, f := range functions {
				fmt.Print(" ", f.f(z))
			}
			r, θ := cmplx.Polar(z)
			fmt.Println(cmplx.Rect(r, θ), cmplx.Pow(z, 2-1i), cmplx.Pow(1+1i, z))
			if !math.IsNaN(re) {
				fmt.Println(cmplx.Pow(0, z))
			}
		}
	}
	fmt.Println(cmplx.Inf(), cmplx.NaN(), cmplx.Sqrt(-1), cmplx.Exp(math.Pi*1i))
	fmt.Println(cmplx.Tan(math.Pi/2+1e-10i), cmplx.Tan(1e15+0.1i), cmplx.Atan(1e-3+1i))
}
