// Package cmplx is Go's package math/cmplx.
package cmplx

import "math"

func Abs(x complex128) float64 { return math.Hypot(real(x), imag(x)) }

func Phase(x complex128) float64 { return math.Atan2(imag(x), real(x)) }

func Polar(x complex128) (r, θ float64) { return Abs(x), Phase(x) }

func Rect(r, θ float64) complex128 {
	s, c := math.Sincos(θ)
	return complex(r*c, r*s)
}

func Conj(x complex128) complex128 { return complex(real(x), -imag(x)) }

func Inf() complex128 { return complex(math.Inf(1), math.Inf(1)) }

func NaN() complex128 { return complex(math.NaN(), math.NaN()) }

func IsInf(x complex128) bool { return math.IsInf(real(x), 0) || math.IsInf(imag(x), 0) }

func IsNaN(x complex128) bool {
	return !IsInf(x) && (math.IsNaN(real(x)) || math.IsNaN(imag(x)))
}

// timesI returns i * x, and overI x / i.
func timesI(x complex128) complex128 { return complex(-imag(x), real(x)) }

func overI(x complex128) complex128 { return complex(imag(x), -real(x)) }

func inf(x float64) bool { return math.IsInf(x, 0) }

// lost tells that there is no angle: x is infinite or no number.
func lost(x float64) bool { return math.IsInf(x, 0) || math.IsNaN(x) }

// ---- exponentials

func Exp(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case inf(re) && re > 0 && im == 0:
		return x
	case inf(re) && lost(im):
		if re < 0 {
			return complex(0, math.Copysign(0, im))
		}
		return complex(math.Inf(1), math.NaN())
	case math.IsNaN(re) && im == 0:
		return complex(math.NaN(), im)
	}
	r := math.Exp(re)
	s, c := math.Sincos(im)
	return complex(r*c, r*s)
}

func Log(x complex128) complex128 { return complex(math.Log(Abs(x)), Phase(x)) }

func Log10(x complex128) complex128 {
	z := Log(x)
	return complex(math.Log10E*real(z), math.Log10E*imag(z))
}

func Pow(x, y complex128) complex128 {
	if x == 0 {
		re, im := real(y), imag(y)
		switch {
		case IsNaN(y):
			return NaN()
		case re == 0:
			return 1
		case re < 0 && im == 0:
			return complex(math.Inf(1), 0)
		case re < 0:
			return Inf()
		case re > 0:
			return 0
		}
		panic("not reached")
	}
	modulus := Abs(x)
	if modulus == 0 {
		return complex(0, 0)
	}
	r := math.Pow(modulus, real(y))
	angle := Phase(x)
	theta := real(y) * angle
	if imag(y) != 0 {
		r *= math.Exp(-imag(y) * angle)
		theta += imag(y) * math.Log(modulus)
	}
	s, c := math.Sincos(theta)
	return complex(r*c, r*s)
}

func Sqrt(x complex128) complex128 {
	a, b := real(x), imag(x)
	switch {
	case b == 0 && a == 0:
		return complex(0, b)
	case b == 0 && a < 0:
		return complex(0, math.Copysign(math.Sqrt(-a), b))
	case b == 0:
		return complex(math.Sqrt(a), b)
	case inf(b):
		return complex(math.Inf(1), b)
	case a == 0 && b < 0:
		r := math.Sqrt(-0.5 * b)
		return complex(r, -r)
	case a == 0:
		r := math.Sqrt(0.5 * b)
		return complex(r, r)
	}
	// Scaled, so that nothing overflows or gets lost on the way.
	scale := 0x1p-27
	if math.Abs(a) > 4 || math.Abs(b) > 4 {
		a *= 0.25
		b *= 0.25
		scale = 2
	} else {
		a *= 0x1p54
		b *= 0x1p54
	}
	r := math.Hypot(a, b)
	var t float64
	if a > 0 {
		t = math.Sqrt(0.5*r + 0.5*a)
		r = scale * math.Abs((0.5*b)/t)
		t *= scale
	} else {
		r = math.Sqrt(0.5*r - 0.5*a)
		t = scale * math.Abs((0.5*b)/r)
		r *= scale
	}
	if b < 0 {
		return complex(t, -r)
	}
	return complex(t, r)
}

// ---- trigonometric and hyperbolic

func sinhcosh(x float64) (sh, ch float64) {
	if math.Abs(x) <= 0.5 {
		return math.Sinh(x), math.Cosh(x)
	}
	e := math.Exp(x)
	i := 0.5 / e
	e *= 0.5
	return e - i, e + i
}

func Sin(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case im == 0 && lost(re), inf(im) && lost(re):
		return complex(math.NaN(), im)
	case re == 0 && lost(im):
		return x
	}
	s, c := math.Sincos(re)
	sh, ch := sinhcosh(im)
	return complex(s*ch, c*sh)
}

func Sinh(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case re == 0 && lost(im), inf(re) && lost(im):
		return complex(re, math.NaN())
	case inf(re) && im == 0:
		return complex(re, im)
	case im == 0 && math.IsNaN(re):
		return complex(math.NaN(), im)
	}
	s, c := math.Sincos(im)
	sh, ch := sinhcosh(re)
	return complex(c*sh, s*ch)
}

func Cos(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case im == 0 && lost(re):
		return complex(math.NaN(), -im*math.Copysign(0, re))
	case inf(im) && re == 0:
		return complex(math.Inf(1), -re*math.Copysign(0, im))
	case inf(im) && lost(re):
		return complex(math.Inf(1), math.NaN())
	case re == 0 && math.IsNaN(im):
		return complex(math.NaN(), 0)
	}
	s, c := math.Sincos(re)
	sh, ch := sinhcosh(im)
	return complex(c*ch, -s*sh)
}

func Cosh(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case re == 0 && lost(im):
		return complex(math.NaN(), re*math.Copysign(0, im))
	case inf(re) && im == 0:
		return complex(math.Inf(1), im*math.Copysign(0, re))
	case inf(re) && lost(im):
		return complex(math.Inf(1), math.NaN())
	case im == 0 && math.IsNaN(re):
		return complex(math.NaN(), im)
	}
	s, c := math.Sincos(im)
	sh, ch := sinhcosh(re)
	return complex(c*ch, s*sh)
}

// reduce takes multiples of pi away from a large number: 1/pi has enough digits for that.
func reduce(x float64) float64

func reducePi(x float64) float64 {
	if math.Abs(x) >= 1<<30 {
		return reduce(x)
	}
	// Pi in three parts, of which the products with a small integer are exact.
	t := x/math.Pi + 0.5
	t = float64(int64(t))
	return ((x - t*3.141592502593994) - t*1.5099578831723193e-07) - t*1.0780605716316238e-14
}

// tanSeries returns cosh(2y) - cos(2x) where the difference would lose digits.
func tanSeries(z complex128) float64 {
	x := reducePi(math.Abs(2 * real(z)))
	y := math.Abs(2 * imag(z))
	x *= x
	y *= y
	x2, y2, f := 1.0, 1.0, 1.0
	n, d := 0.0, 0.0
	for {
		n++
		f *= n
		n++
		f *= n
		x2 *= x
		y2 *= y
		d += (y2 + x2) / f

		n++
		f *= n
		n++
		f *= n
		x2 *= x
		y2 *= y
		t := (y2 - x2) / f
		d += t
		if !(math.Abs(t/d) > 0x1p-53) {
			return d
		}
	}
}

func Tan(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case inf(im) && lost(re):
		return complex(math.Copysign(0, re), math.Copysign(1, im))
	case inf(im):
		return complex(math.Copysign(0, math.Sin(2*re)), math.Copysign(1, im))
	case re == 0 && math.IsNaN(im):
		return x
	}
	d := math.Cos(2*re) + math.Cosh(2*im)
	if math.Abs(d) < 0.25 {
		d = tanSeries(x)
	}
	if d == 0 {
		return Inf()
	}
	return complex(math.Sin(2*re)/d, math.Sinh(2*im)/d)
}

func Tanh(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case inf(re) && lost(im):
		return complex(math.Copysign(1, re), math.Copysign(0, im))
	case inf(re):
		return complex(math.Copysign(1, re), math.Copysign(0, math.Sin(2*im)))
	case im == 0 && math.IsNaN(re):
		return x
	}
	d := math.Cosh(2*re) + math.Cos(2*im)
	if d == 0 {
		return Inf()
	}
	return complex(math.Sinh(2*re)/d, math.Sin(2*im)/d)
}

func Cot(x complex128) complex128 {
	d := math.Cosh(2*imag(x)) - math.Cos(2*real(x))
	if math.Abs(d) < 0.25 {
		d = tanSeries(x)
	}
	if d == 0 {
		return Inf()
	}
	return complex(math.Sin(2*real(x))/d, -math.Sinh(2*imag(x))/d)
}

// ---- and back

func Asin(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case im == 0 && math.Abs(re) <= 1:
		return complex(math.Asin(re), im)
	case re == 0 && math.Abs(im) <= 1:
		return complex(re, math.Asinh(im))
	case math.IsNaN(im) && re == 0:
		return complex(re, math.NaN())
	case math.IsNaN(im) && inf(re):
		return complex(math.NaN(), re)
	case math.IsNaN(im):
		return NaN()
	case inf(im) && math.IsNaN(re):
		return x
	case inf(im) && inf(re):
		return complex(math.Copysign(math.Pi/4, re), im)
	case inf(im):
		return complex(math.Copysign(0, re), im)
	case inf(re):
		return complex(math.Copysign(math.Pi/2, re), math.Copysign(re, im))
	}
	xx := x * x
	return overI(Log(timesI(x) + Sqrt(complex(1-real(xx), -imag(xx)))))
}

func Asinh(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case im == 0 && math.Abs(re) <= 1:
		return complex(math.Asinh(re), im)
	case re == 0 && math.Abs(im) <= 1:
		return complex(re, math.Asin(im))
	case inf(re) && inf(im):
		return complex(re, math.Copysign(math.Pi/4, im))
	case inf(re) && math.IsNaN(im), math.IsNaN(re) && im == 0:
		return x
	case inf(re):
		return complex(re, math.Copysign(0, im))
	case math.IsNaN(re) && inf(im):
		return complex(im, re)
	case math.IsNaN(re):
		return NaN()
	case inf(im):
		return complex(math.Copysign(im, re), math.Copysign(math.Pi/2, im))
	}
	xx := x * x
	return Log(x + Sqrt(complex(1+real(xx), imag(xx))))
}

func Acos(x complex128) complex128 {
	w := Asin(x)
	return complex(math.Pi/2-real(w), -imag(w))
}

func Acosh(x complex128) complex128 {
	if x == 0 {
		return complex(0, math.Copysign(math.Pi/2, imag(x)))
	}
	w := Acos(x)
	if imag(w) <= 0 {
		return timesI(w)
	}
	return overI(w)
}

func Atan(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case im == 0:
		return complex(math.Atan(re), im)
	case re == 0 && math.Abs(im) <= 1:
		return complex(re, math.Atanh(im))
	case IsInf(x) && math.IsNaN(re):
		return complex(math.NaN(), math.Copysign(0, im))
	case IsInf(x):
		return complex(math.Copysign(math.Pi/2, re), math.Copysign(0, im))
	case IsNaN(x):
		return NaN()
	}
	x2 := re * re
	a := 1 - x2 - im*im
	if a == 0 {
		return NaN()
	}
	w := reducePi(0.5 * math.Atan2(2*re, a))
	t := im - 1
	b := x2 + t*t
	if b == 0 {
		return NaN()
	}
	t = im + 1
	return complex(w, 0.25*math.Log((x2+t*t)/b))
}

func Atanh(x complex128) complex128 { return overI(Atan(timesI(x))) }
