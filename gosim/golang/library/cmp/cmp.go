// Package cmp is Go's package cmp.
package cmp

type Ordered interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 |
		~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr |
		~float32 | ~float64 |
		~string
}

// x != x tells a NaN, which is less than every number and equal to another NaN.

func Less[T Ordered](x, y T) bool { return x < y || (x != x && y == y) }

func Compare[T Ordered](x, y T) int {
	if x < y {
		return -1
	}
	if x > y {
		return 1
	}
	if x == y || x != x && y != y {
		return 0
	}
	if x != x {
		return -1
	}
	return 1
}

//gosim:since 1.22
func Or[T comparable](vals ...T) T {
	var zero T
	for _, v := range vals {
		if v != zero {
			return v
		}
	}
	return zero
}
