// Package bytes has functions on slices of bytes: those of strings, whose parts share the array.
package bytes

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

func Clone(b []byte) []byte {
	if b == nil {
		return nil
	}
	return append([]byte{}, b...)
}

func Compare(a, b []byte) int
func Equal(a, b []byte) bool

// ---- what is found ----

func Contains(b, subslice []byte) bool { return Index(b, subslice) >= 0 }
func Count(s, sep []byte) int
func HasPrefix(s, prefix []byte) bool
func HasSuffix(s, suffix []byte) bool
func Index(s, sep []byte) int
func IndexByte(b []byte, c byte) int
func LastIndex(s, sep []byte) int
func LastIndexByte(s []byte, c byte) int

func IndexAny(s []byte, chars string) int { return strings.IndexAny(string(s), chars) }

func IndexRune(s []byte, r rune) int { return strings.IndexRune(string(s), r) }

func LastIndexAny(s []byte, chars string) int { return strings.LastIndexAny(string(s), chars) }

func ContainsAny(b []byte, chars string) bool { return IndexAny(b, chars) >= 0 }

func ContainsRune(b []byte, r rune) bool { return IndexRune(b, r) >= 0 }

func ContainsFunc(b []byte, f func(rune) bool) bool { return IndexFunc(b, f) >= 0 }

func EqualFold(s, t []byte) bool { return strings.EqualFold(string(s), string(t)) }

func IndexFunc(s []byte, f func(r rune) bool) int { return indexFunc(s, f, true) }

func LastIndexFunc(s []byte, f func(r rune) bool) int { return lastIndexFunc(s, f, true) }

func indexFunc(s []byte, f func(r rune) bool, truth bool) int {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRune(s[i:])
		if f(r) == truth {
			return i
		}
		i += size
	}
	return -1
}

func lastIndexFunc(s []byte, f func(r rune) bool, truth bool) int {
	for i := len(s); i > 0; {
		r, size := utf8.DecodeLastRune(s[:i])
		i -= size
		if f(r) == truth {
			return i
		}
	}
	return -1
}

// ---- parts ----

func Split(s, sep []byte) [][]byte { return split(s, sep, 0, -1) }

func SplitN(s, sep []byte, n int) [][]byte { return split(s, sep, 0, n) }

func SplitAfter(s, sep []byte) [][]byte { return split(s, sep, len(sep), -1) }

func SplitAfterN(s, sep []byte, n int) [][]byte { return split(s, sep, len(sep), n) }

// split leaves keep bytes of sep at the end of each part; only the last has room behind it.
func split(s, sep []byte, keep, n int) [][]byte {
	if n == 0 {
		return nil
	}
	parts := [][]byte{}
	for n < 0 || len(parts) < n-1 {
		var end, skip int
		if len(sep) == 0 {
			_, end = utf8.DecodeRune(s)
			if end >= len(s) {
				break
			}
			skip = end
		} else {
			end = Index(s, sep)
			if end < 0 {
				break
			}
			skip = end + len(sep)
			end += keep
		}
		parts = append(parts, s[:end:end])
		s = s[skip:]
	}
	if len(sep) > 0 || len(s) > 0 {
		parts = append(parts, s)
	}
	return parts
}

func Fields(s []byte) [][]byte { return FieldsFunc(s, unicode.IsSpace) }

func FieldsFunc(s []byte, f func(rune) bool) [][]byte {
	fields := [][]byte{}
	start := -1
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRune(s[i:])
		if f(r) {
			if start >= 0 {
				fields = append(fields, s[start:i:i])
				start = -1
			}
		} else if start < 0 {
			start = i
		}
		i += size
	}
	if start >= 0 {
		fields = append(fields, s[start:len(s):len(s)])
	}
	return fields
}

func Cut(s, sep []byte) (before, after []byte, found bool) {
	if i := Index(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, nil, false
}

//gosim:since 1.27
func CutLast(s, sep []byte) (before, after []byte, found bool) {
	if i := LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, nil, false
}

func CutPrefix(s, prefix []byte) (after []byte, found bool) {
	if !HasPrefix(s, prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func CutSuffix(s, suffix []byte) (before []byte, found bool) {
	if !HasSuffix(s, suffix) {
		return s, false
	}
	return s[:len(s)-len(suffix)], true
}

func TrimPrefix(s, prefix []byte) []byte {
	if HasPrefix(s, prefix) {
		return s[len(prefix):]
	}
	return s
}

func TrimSuffix(s, suffix []byte) []byte {
	if HasSuffix(s, suffix) {
		return s[:len(s)-len(suffix)]
	}
	return s
}

// What is trimmed away wholly becomes nil where Go's does.

func TrimSpace(s []byte) []byte {
	t := strings.TrimLeft(string(s), spaces)
	if len(t) == 0 {
		return nil
	}
	start := len(s) - len(t)
	return s[start : start+len(strings.TrimRight(t, spaces))]
}

const spaces = " \t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

func Trim(s []byte, cutset string) []byte {
	if len(s) == 0 {
		return nil
	}
	return TrimLeft(TrimRight(s, cutset), cutset)
}

func TrimLeft(s []byte, cutset string) []byte {
	if len(s) == 0 {
		return nil
	}
	n := len(strings.TrimLeft(string(s), cutset))
	if n == 0 {
		return nil
	}
	return s[len(s)-n:]
}

func TrimRight(s []byte, cutset string) []byte {
	return s[:len(strings.TrimRight(string(s), cutset))]
}

func TrimLeftFunc(s []byte, f func(r rune) bool) []byte {
	i := indexFunc(s, f, false)
	if i < 0 {
		return nil
	}
	return s[i:]
}

func TrimRightFunc(s []byte, f func(r rune) bool) []byte {
	i := lastIndexFunc(s, f, false)
	if i < 0 {
		return s[:0]
	}
	_, size := utf8.DecodeRune(s[i:])
	return s[:i+size]
}

func TrimFunc(s []byte, f func(r rune) bool) []byte { return TrimRightFunc(TrimLeftFunc(s, f), f) }

//gosim:since 1.24
func Lines(s []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(s) > 0 {
			line := s
			if i := IndexByte(s, '\n'); i >= 0 {
				line = s[:i+1]
			}
			s = s[len(line):]
			if !yield(line[:len(line):len(line)]) {
				return
			}
		}
	}
}

//gosim:since 1.24
func SplitSeq(s, sep []byte) iter.Seq[[]byte] { return splitSeq(s, sep, 0) }

//gosim:since 1.24
func SplitAfterSeq(s, sep []byte) iter.Seq[[]byte] { return splitSeq(s, sep, len(sep)) }

// Like Go's, it goes on where an earlier loop over it ended.
func splitSeq(s, sep []byte, keep int) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if len(sep) == 0 {
			for len(s) > 0 {
				_, size := utf8.DecodeRune(s)
				if !yield(s[:size:size]) {
					return
				}
				s = s[size:]
			}
			return
		}
		for {
			i := Index(s, sep)
			if i < 0 {
				break
			}
			if !yield(s[: i+keep : i+keep]) {
				return
			}
			s = s[i+len(sep):]
		}
		yield(s[:len(s):len(s)])
	}
}

//gosim:since 1.24
func FieldsSeq(s []byte) iter.Seq[[]byte] { return FieldsFuncSeq(s, unicode.IsSpace) }

//gosim:since 1.24
func FieldsFuncSeq(s []byte, f func(rune) bool) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		start := -1
		for i := 0; i < len(s); {
			r, size := utf8.DecodeRune(s[i:])
			if f(r) {
				if start >= 0 {
					if !yield(s[start:i:i]) {
						return
					}
					start = -1
				}
			} else if start < 0 {
				start = i
			}
			i += size
		}
		if start >= 0 {
			yield(s[start:len(s):len(s)])
		}
	}
}

// ---- new slices ----

func Join(s [][]byte, sep []byte) []byte {
	if len(s) == 0 {
		return []byte{}
	}
	if len(s) == 1 {
		return append([]byte(nil), s[0]...)
	}
	n := len(sep) * (len(s) - 1)
	for _, part := range s {
		n += len(part)
	}
	b := make([]byte, 0, n)
	for i, part := range s {
		if i > 0 {
			b = append(b, sep...)
		}
		b = append(b, part...)
	}
	return b
}

func Repeat(b []byte, count int) []byte {
	if count < 0 {
		panic("bytes: negative Repeat count")
	}
	if len(b) > 0 && count > (1<<63-1)/len(b) {
		panic("bytes: Repeat output length overflow")
	}
	out := make([]byte, 0, len(b)*count)
	return append(out, strings.Repeat(string(b), count)...)
}

func Replace(s, old, new []byte, n int) []byte {
	if n == 0 || Count(s, old) == 0 {
		return append([]byte(nil), s...)
	}
	return exactly(strings.Replace(string(s), string(old), string(new), n))
}

func ReplaceAll(s, old, new []byte) []byte { return Replace(s, old, new, -1) }

// exactly has no room behind its bytes.
func exactly(s string) []byte {
	b := make([]byte, len(s))
	copy(b, s)
	return b
}

func Runes(s []byte) []rune { return []rune(string(s)) }

func Map(mapping func(r rune) rune, s []byte) []byte {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRune(s[i:])
		if r = mapping(r); r >= 0 {
			b = utf8.AppendRune(b, r)
		}
		i += size
	}
	return b
}

func ToLower(s []byte) []byte { return exactly(strings.ToLower(string(s))) }

func ToTitle(s []byte) []byte { return exactly(strings.ToTitle(string(s))) }

func ToUpper(s []byte) []byte { return exactly(strings.ToUpper(string(s))) }

func ToLowerSpecial(c unicode.SpecialCase, s []byte) []byte { return Map(c.ToLower, s) }

func ToTitleSpecial(c unicode.SpecialCase, s []byte) []byte { return Map(c.ToTitle, s) }

func ToUpperSpecial(c unicode.SpecialCase, s []byte) []byte { return Map(c.ToUpper, s) }

func ToValidUTF8(s, replacement []byte) []byte {
	return exactly(strings.ToValidUTF8(string(s), string(replacement)))
}

func Title(s []byte) []byte { return exactly(strings.Title(string(s))) }
