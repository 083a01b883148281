// Runes: unicode, unicode/utf8 and unicode/utf16.
package main

import (
	"fmt"
	"hash/crc32"
	"slices"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

func main() {
	predicates := []struct {
		name string
		f    func(rune) bool
	}{
		{"control", unicode.IsControl}, {"digit", unicode.IsDigit}, {"graphic", unicode.IsGraphic},
		{"letter", unicode.IsLetter}, {"lower", unicode.IsLower}, {"mark", unicode.IsMark},
		{"number", unicode.IsNumber}, {"print", unicode.IsPrint}, {"punct", unicode.IsPunct},
		{"space", unicode.IsSpace}, {"symbol", unicode.IsSymbol}, {"title", unicode.IsTitle},
		{"upper", unicode.IsUpper},
	}
	runes := []rune{-1, 0x10FFFF, 0x110000, 0x1F600, 0x10400, 0x10428, 0xFFFD, 0x2028, 0x3000, 0xD800, 0xE0001}
	for r := rune(0); r < 0x3000; r += 5 {
		runes = append(runes, r)
	}
	for _, p := range predicates {
		n := 0
		bits := make([]byte, len(runes))
		for i, r := range runes {
			if p.f(r) {
				n++
				bits[i] = 1
			}
		}
		fmt.Println(p.name, n, crc32.ChecksumIEEE(bits))
	}
	for _, r := range "aZßǅİıſKÅ√é中😀ΣςσΩ" {
		fmt.Printf("%c %c %c %c %c\n", r, unicode.ToUpper(r), unicode.ToLower(r), unicode.ToTitle(r), unicode.SimpleFold(r))
	}
	fmt.Println(unicode.Is(unicode.Han, '中'), unicode.In('я', unicode.Greek, unicode.Cyrillic), unicode.IsOneOf(unicode.PrintRanges, ' '))
	fmt.Println(unicode.Scripts["Greek"] == unicode.Greek, unicode.Categories["Lu"] == unicode.Upper, unicode.Letter == unicode.L)
	fmt.Println(len(unicode.Scripts), len(unicode.Categories), len(unicode.Properties), len(unicode.FoldScript), len(unicode.CaseRanges), unicode.Version)
	fmt.Println(unicode.White_Space.R16, unicode.White_Space.R32, unicode.White_Space.LatinOffset)
	fmt.Println(unicode.CaseRanges[0], unicode.FoldCategory["Lt"].R16[0], unicode.CategoryAliases["Letter"])
	fmt.Println(string(unicode.TurkishCase.ToUpper('i')), string(unicode.TurkishCase.ToLower('I')), string(unicode.AzeriCase.ToTitle('x')))
	fmt.Println(unicode.To(unicode.UpperCase, 'q'), unicode.To(7, 'q'), unicode.MaxRune, unicode.ReplacementChar)

	for _, s := range []string{"", "a", "é", "中", "😀", "\xff", "\xc3", "\xe4\xb8", "\xf0\x9f\x98", "\xed\xa0\x80", "\xc0\x80", "\xf4\x90\x80\x80", "a\x80", "\xe4\xb8\x80\x80", "ab中"} {
		r, n := utf8.DecodeRuneInString(s)
		l, m := utf8.DecodeLastRuneInString(s)
		b := []byte(s)
		r2, n2 := utf8.DecodeRune(b)
		l2, m2 := utf8.DecodeLastRune(b)
		fmt.Printf("%q %U %d %U %d %v %v %v %d %v\n", s, r, n, l, m, utf8.FullRuneInString(s), utf8.FullRune(b), utf8.ValidString(s), utf8.RuneCountInString(s), r == r2 && n == n2 && l == l2 && m == m2 && utf8.Valid(b) == utf8.ValidString(s) && utf8.RuneCount(b) == utf8.RuneCountInString(s))
	}
	for _, r := range []rune{-1, 0, 'a', 0x7f, 0x80, 0x7ff, 0x800, 0xd800, 0xdfff, 0xffff, 0x10000, 0x10ffff, 0x110000} {
		b := make([]byte, 4)
		n := utf8.EncodeRune(b, r)
		fmt.Println(utf8.RuneLen(r), b[:n], utf8.AppendRune([]byte("x"), r), utf8.ValidRune(r), utf16.RuneLen(r), utf16.IsSurrogate(r))
	}
	fmt.Println(utf8.RuneStart('a'), utf8.RuneStart(0x80), utf8.RuneStart(0xc0), utf8.RuneCountInString("a\xffb\xc3é"))
	func() {
		defer func() { fmt.Println(recover()) }()
		utf8.EncodeRune(make([]byte, 2), '中')
	}()

	text := []rune("a中😀\U0010ffff")
	units := utf16.Encode(text)
	fmt.Printf("%x %v\n", units, slices.Equal(utf16.Decode(units), text))
	fmt.Printf("%x\n", utf16.Decode([]uint16{0xd83d, 'x', 0xde00, 0xd83d}))
	r1, r2 := utf16.EncodeRune('😀')
	fmt.Printf("%x %x %c %x\n", r1, r2, utf16.DecodeRune(r1, r2), utf16.DecodeRune('a', 'b'))
	fmt.Printf("%x\n", utf16.AppendRune(utf16.AppendRune(nil, 'x'), '😀'))
}
