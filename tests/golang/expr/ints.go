package main

import "fmt"

type MyInt int8

func (m MyInt) Double() MyInt { return m * 2 }

//go:noinline
func id[T any](x T) T { return x }

func main() {
	var a int8 = 127
	a++
	fmt.Println(a)
	var b uint8 = 0
	b--
	fmt.Println(b)
	var c int64 = 9223372036854775807
	c++
	fmt.Println(c)
	c = -9223372036854775808
	c--
	fmt.Println(c, -c)
	c = -9223372036854775808
	fmt.Println(-c, c/-1, c%-1, c*-1)
	var u uint64 = 18446744073709551615
	u++
	fmt.Println(u)
	u--
	fmt.Println(u, u*u, u>>1, u<<1, ^u, -u)
	var i32 int32 = 1 << 30
	i32 *= 4
	fmt.Println(i32)
	i32 = 1<<31 - 1
	i32 += 2
	fmt.Println(i32)
	for _, x := range []int{7, -7} {
		for _, y := range []int{3, -3} {
			fmt.Println(x/y, x%y, x&y, x|y, x^y, x&^y)
		}
		fmt.Println(x/4, x%4, x/8, x>>1, x<<3)
	}
	s := id(uint(70))
	fmt.Println(1<<s, int64(-1)>>s, uint8(200)<<id(1), int32(1)<<id(31), uint32(1)<<id(31), int8(1)<<id(7))
	var m MyInt = 100
	fmt.Println(m.Double(), MyInt(id(300)), uint16(id(-1)), int8(id(200)), uint32(id(int64(-5))))
	f := id(3.99)
	fmt.Println(int(f), int(-f), uint8(f), int64(id(1e30)), int32(id(1e10)), uint64(id(1e19)))
	fmt.Println(float32(id(0.1)), float64(float32(id(0.1))), id(1.0)/id(0.0), -id(1.0)/id(0.0), id(0.0)/id(0.0))
	var f32 float32 = 16777216
	f32 += 1
	fmt.Println(f32, f32/3, float32(id(1))/3)
	fmt.Println(float32(id(16777217)), float32(id(int64(9007199791611905))))
	cx := complex(id(1.0), 2)
	fmt.Println(cx*cx, cx/(1-2i), real(cx), imag(cx), cx == 1+2i)
	var c64 complex64 = complex64(cx) / 3
	fmt.Println(c64)
	fmt.Println(uint8(id(3))-uint8(id(5)), int16(id(-32768))-1, ^uint8(id(5)), -uint8(id(5)))
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(id(1) / id(0))
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(id(1) % id(0))
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(id(uint8(1)) / id(uint8(0)))
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(1 << id(-1))
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(8 >> id(-1))
	}()
	const big = 1 << 100
	fmt.Println(big>>98, float64(big))
	x, y := 10, 20
	x, y = y, x
	x |= 1
	x &^= 4
	x <<= 2
	x %= 50
	fmt.Println(x, y, min(x, y, 3), max(2.5, float64(x)))
	var r rune = 'é'
	fmt.Println(r, string(r), 'a'+1, string(rune(0x10FFFF+1)), []byte("é"), []rune("aé日"))
	h := uint32(2166136261)
	for _, b := range []byte("hello") {
		h ^= uint32(b)
		h *= 16777619
	}
	fmt.Println(h)
	var h64 uint64 = 14695981039346656037
	for i := 0; i < 5; i++ {
		h64 ^= uint64(i)
		h64 *= 1099511628211
		h64 = h64<<13 | h64>>51
	}
	fmt.Println(h64)
	var up uintptr = 5
	fmt.Println(up-6)
}
