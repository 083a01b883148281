// Package utf16 is Go's package unicode/utf16.
package utf16

const (
	replacement = '\uFFFD'
	high        = 0xd800 // the first half of a pair
	low         = 0xdc00 // the second half
	end         = 0xe000
	supplement  = 0x10000
	last        = '\U0010FFFF'
)

func IsSurrogate(r rune) bool { return high <= r && r < end }

func DecodeRune(r1, r2 rune) rune {
	if high <= r1 && r1 < low && low <= r2 && r2 < end {
		return (r1-high)<<10 | (r2 - low) + supplement
	}
	return replacement
}

func EncodeRune(r rune) (r1, r2 rune) {
	if r < supplement || r > last {
		return replacement, replacement
	}
	r -= supplement
	return high + (r>>10)&0x3ff, low + r&0x3ff
}

//gosim:since 1.23
func RuneLen(r rune) int {
	switch {
	case 0 <= r && r < high, end <= r && r < supplement:
		return 1
	case supplement <= r && r <= last:
		return 2
	}
	return -1
}

func AppendRune(a []uint16, r rune) []uint16 {
	switch {
	case 0 <= r && r < high, end <= r && r < supplement:
		return append(a, uint16(r))
	case supplement <= r && r <= last:
		r1, r2 := EncodeRune(r)
		return append(a, uint16(r1), uint16(r2))
	}
	return append(a, replacement)
}

func Encode(s []rune) []uint16 {
	n := len(s)
	for _, r := range s {
		if r >= supplement {
			n++
		}
	}
	a := make([]uint16, 0, n)
	for _, r := range s {
		a = AppendRune(a, r)
	}
	return a
}

func Decode(s []uint16) []rune {
	runes := make([]rune, 0, 64)
	for i := 0; i < len(s); i++ {
		r := rune(s[i])
		if IsSurrogate(r) {
			next := rune(0)
			if i+1 < len(s) {
				next = rune(s[i+1])
			}
			r = DecodeRune(r, next)
			if r != replacement {
				i++
			}
		}
		runes = append(runes, r)
	}
	return runes
}
