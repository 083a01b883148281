// Package math/bits.
package main

import (
	"fmt"
	"math/bits"
)

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	for _, x := range []uint64{0, 1, 2, 0x80, 0xff, 0x8000, 0xbeef, 0x80000000, 0xdeadbeef, 1 << 63, 0x123456789abcdef0, 1<<64 - 1} {
		a, b, c := uint8(x), uint16(x), uint32(x)
		fmt.Println(x, bits.Len64(x), bits.Len(uint(x)), bits.Len32(c), bits.Len16(b), bits.Len8(a))
		fmt.Println(bits.LeadingZeros64(x), bits.LeadingZeros(uint(x)), bits.LeadingZeros32(c), bits.LeadingZeros16(b), bits.LeadingZeros8(a))
		fmt.Println(bits.TrailingZeros64(x), bits.TrailingZeros(uint(x)), bits.TrailingZeros32(c), bits.TrailingZeros16(b), bits.TrailingZeros8(a))
		fmt.Println(bits.OnesCount64(x), bits.OnesCount(uint(x)), bits.OnesCount32(c), bits.OnesCount16(b), bits.OnesCount8(a))
		fmt.Println(bits.Reverse64(x), bits.Reverse(uint(x)), bits.Reverse32(c), bits.Reverse16(b), bits.Reverse8(a))
		fmt.Println(bits.ReverseBytes64(x), bits.ReverseBytes(uint(x)), bits.ReverseBytes32(c), bits.ReverseBytes16(b))
		for _, k := range []int{0, 1, 7, 13, -1, 64, 100, -77} {
			fmt.Print(bits.RotateLeft64(x, k), " ", bits.RotateLeft(uint(x), k), " ", bits.RotateLeft32(c, k), " ", bits.RotateLeft16(b, k), " ", bits.RotateLeft8(a, k), " ")
		}
		fmt.Println()
		for _, y := range []uint64{1, 3, 0xfedcba9876543210, 1<<64 - 1} {
			fmt.Println(bits.Add64(x, y, 1))
			fmt.Println(bits.Sub64(x, y, 1))
			fmt.Println(bits.Mul64(x, y))
			fmt.Println(bits.Add32(c, uint32(y), 0))
			fmt.Println(bits.Sub32(c, uint32(y), 1))
			fmt.Println(bits.Mul32(c, uint32(y)))
			fmt.Println(bits.Add(uint(x), uint(y), 1))
			fmt.Println(bits.Sub(uint(x), uint(y), 0))
			fmt.Println(bits.Mul(uint(x), uint(y)))
			fmt.Println(bits.Rem64(x, x, y), bits.Rem32(c, 5, uint32(y)), bits.Rem(uint(x), 3, uint(y)))
			fmt.Println(bits.Div64(x%y, x, y))
			fmt.Println(bits.Div32(c%uint32(y), 77, uint32(y)))
			fmt.Println(bits.Div(uint(x%y), 1, uint(y)))
		}
	}
	fmt.Println(bits.UintSize)
	try(func() { bits.Div64(5, 1, 5) })
	try(func() { bits.Div32(1, 1, 0) })
	try(func() { bits.Rem(1, 1, 0) })
}
