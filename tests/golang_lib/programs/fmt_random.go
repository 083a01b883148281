package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
)

var state uint64 = 12345

func next(n int) int {
	state = state*6364136223846793005 + 1442695040888963407
	return int(state>>33) % n
}

func pick[T any](xs []T) T { return xs[next(len(xs))] }

type Temp float64

func (t Temp) String() string { return fmt.Sprintf("%.1f°", float64(t)) }

type Code uint16
type Tag string
type Tree struct {
	L, R *Tree
	V    any
	tag  Tag
}
type Err struct{ Code Code }

func (e Err) Error() string { return fmt.Sprint("err ", uint16(e.Code)) }

type Matrix [2][2]float32
type Custom struct{ A, B int }

func (c Custom) Format(s fmt.State, v rune) {
	if s.Flag('#') {
		fmt.Fprint(s, "#")
	}
	if w, ok := s.Width(); ok {
		fmt.Fprint(s, "w", w)
	}
	if p, ok := s.Precision(); ok {
		fmt.Fprint(s, "p", p)
	}
	fmt.Fprintf(s, "<%c %d %d>", v, c.A, c.B)
}

func floats() []float64 {
	return []float64{0, 1, -1, 0.5, 1.0 / 3, 100, 12345.6789, 1e6, 999999.5, 1e20, 1e21, 1.5e-5, 1e-4, 123456789, 5e-324, math.MaxFloat64, math.Pi, -2.5, math.Inf(1), math.Inf(-1), math.NaN(), 0.1, 2.675, 1e100, 8.5, 9.5, 0.045}
}

func value(depth int) any {
	switch n := next(30); {
	case n < 3:
		return next(2000) - 1000
	case n == 3:
		return int8(next(256) - 128)
	case n == 4:
		return uint8(next(256))
	case n == 5:
		return rune(next(0x3000))
	case n == 6:
		return uint64(next(1<<30)) << uint(next(34))
	case n == 7:
		return Code(next(65536))
	case n < 10:
		return pick(floats())
	case n == 10:
		return float32(pick(floats()))
	case n == 11:
		return Temp(pick(floats()))
	case n == 12:
		return complex(pick(floats()), pick(floats()))
	case n < 15:
		return pick([]string{"", "a", "hello", "héllo", "a\tb\"c`", "\x00\xff", "日本", "long text here"})
	case n == 15:
		return Tag(pick([]string{"x", "é", ""}))
	case n == 16:
		return []byte(pick([]string{"", "bytes", "\x01\xfe"}))
	case n == 17:
		return next(2) == 0
	case n == 18:
		return error(Err{Code(next(10))})
	case n == 19:
		return Matrix{{1, float32(next(9)) / 4}, {-0.5, 3}}
	case n == 20:
		return Custom{next(5), next(5)}
	case n == 21:
		return [3]int{next(10), -next(10), 0}
	case n == 22:
		return errors.New("plain error").Error()
	case n == 23:
		return nil
	case depth > 2:
		return next(10)
	case n == 24:
		return []any{value(depth + 1), value(depth + 1)}
	case n == 25:
		return map[string]any{"k": value(depth + 1), "a": value(depth + 1)}
	case n == 26:
		return Tree{V: value(depth + 1), tag: "t"}
	case n == 27:
		return []Temp{Temp(next(50)), -1}
	case n == 28:
		return struct {
			X any
			e error
		}{value(depth + 1), Err{3}}
	}
	return map[int]Custom{3: {1, 2}, -1: {}}
}

func directive() string {
	s := "%"
	for _, c := range "+-# 0" {
		if next(5) == 0 {
			s += string(c)
		}
	}
	if next(3) == 0 {
		s += strconv.Itoa(next(14))
	}
	if next(4) == 0 {
		s += "." + strconv.Itoa(next(8))
	}
	return s + string([]rune("vvvvvTdboOxXcqUeEfFgGsstpw")[next(25)])
}

func main() {
	for i := range 4000 {
		d := directive()
		v := value(0)
		switch v.(type) {
		case []byte, []any, []Temp, map[string]any, map[int]Custom:
			if d[len(d)-1] == 'p' {
				continue
			}
		}
		fmt.Fprintf(os.Stdout, "%d %q "+d+"|\n", i, d, v)
	}
}
