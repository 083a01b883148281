package main

import (
	"fmt"
	"math"
)

type Color int
type Name string
type Flags uint8
type Ratio float32
type Bytes []byte
type Octet byte
type Octets []Octet

func main() {
	verbs := []string{"%v", "%+v", "%#v", "%T", "%d", "%5d", "%-5d|", "%05d", "%+d", "% d", "%x", "%X", "%#x", "%o", "%O", "%#o", "%b", "%c", "%q", "%U", "%#U", "%e", "%E", "%f", "%.2f", "%8.3f", "%-8.1f|", "%+.1f", "%08.2f", "%g", "%G", "%.3g", "%#g",
		"%s", "%10s", "%-10s|", "%.2s", "%5.1s", "%t", "%p", "%w", "%z", "%!", "%y", "%é", "% x", "%# x", "%+q", "%#q", "%6.2d", "%.0d", "%x", "%X", "%010d", "%+05d", "%-05d|", "%20v", "%-20v|", "%020v", "%#20v", "%.3v"}
	values := []any{
		nil, true, false, 0, 1, -1, 42, int8(-8), int16(300), int32('x'), int64(1 << 40), uint(7), uint8(200), uint16(65535), uint32(1 << 31), uint64(math.MaxUint64), uintptr(4096),
		float32(0.1), 0.1, 1e21, 1e-7, 100000.0, 1234567.0, math.Inf(1), math.Inf(-1), math.NaN(), math.Copysign(0, -1), complex64(1 + 2i), 3.5 - 4i, complex(math.NaN(), math.Inf(1)),
		"", "hello", "héllo\n", "\xff\x00", `back"quote`, "日本語", Color(3), Name("n\tm"), Flags(255), Ratio(2.5), Bytes("hi"), Octet(9), Octets{1, 2}, []byte("abc"), []byte(nil), []byte{}, [3]byte{1, 2, 255}, [0]int{},
		[]int{1, 2, 3}, []int(nil), []int{}, []string{"a b", "c"}, []any{1, "x", nil, 2.5, []int{1}}, [2]bool{true, false}, []float64{1, 2.5}, [][]int{{1}, nil, {2, 3}}, []error{nil},
		map[string]int{"b": 2, "a": 1}, map[string]int(nil), map[int]string{}, map[float64]bool{1.5: true, math.Inf(-1): false}, map[bool]int{true: 1, false: 0}, map[[2]int]string{{2, 1}: "x", {1, 2}: "y"},
		map[Color][]int{2: {1}, 1: nil}, struct{}{}, struct {
			A int
			b string
		}{1, "x"}, (*int)(nil), (func())(nil), (chan int)(nil), (map[string]int)(nil), error(nil), rune('é'), '\n', rune(0x10ffff), rune(-1), 0x110000, byte('a'),
	}
	for _, v := range values {
		for _, verb := range verbs {
			if verb == "%p" {
				switch v.(type) {
				case []byte, Bytes, Octets, []int, []string, []any, []float64, [][]int, []error, map[string]int, map[int]string, map[float64]bool, map[bool]int, map[[2]int]string, map[Color][]int:
					continue // an address
				}
			}
			fmt.Printf("%s: "+verb+"\n", verb[1:], v)
		}
	}
}
