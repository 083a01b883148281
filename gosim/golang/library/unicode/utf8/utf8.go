// Package utf8 is Go's package unicode/utf8.
package utf8

const (
	RuneError = '\uFFFD'
	RuneSelf  = 0x80
	MaxRune   = '\U0010FFFF'
	UTFMax    = 4
)

func FullRune(p []byte) bool

func FullRuneInString(s string) bool

func DecodeRune(p []byte) (r rune, size int)

func DecodeRuneInString(s string) (r rune, size int)

func DecodeLastRune(p []byte) (r rune, size int)

func DecodeLastRuneInString(s string) (r rune, size int)

func RuneLen(r rune) int

func EncodeRune(p []byte, r rune) int {
	switch n := RuneLen(r); n {
	case 1:
		p[0] = byte(r)
		return n
	case 2:
		_ = p[1]
		p[0] = 0xc0 | byte(r>>6)
		p[1] = 0x80 | byte(r)&0x3f
		return n
	case 4:
		_ = p[3]
		p[0] = 0xf0 | byte(r>>18)
		p[1] = 0x80 | byte(r>>12)&0x3f
		p[2] = 0x80 | byte(r>>6)&0x3f
		p[3] = 0x80 | byte(r)&0x3f
		return n
	case -1:
		r = RuneError
	}
	_ = p[2]
	p[0] = 0xe0 | byte(r>>12)
	p[1] = 0x80 | byte(r>>6)&0x3f
	p[2] = 0x80 | byte(r)&0x3f
	return 3
}

func AppendRune(p []byte, r rune) []byte { return append(p, string(r)...) }

func RuneCount(p []byte) int

func RuneCountInString(s string) (n int)

func RuneStart(b byte) bool { return b&0xc0 != 0x80 }

func Valid(p []byte) bool

func ValidString(s string) bool

func ValidRune(r rune) bool { return 0 <= r && r < 0xd800 || 0xdfff < r && r <= MaxRune }
