// Checksums of what package unicode says of every rune.
package main

import (
	"fmt"
	"hash/crc32"
	"unicode"
)

func main() {
	predicates := []struct {
		name string
		f    func(rune) bool
	}{
		{"IsControl", unicode.IsControl}, {"IsDigit", unicode.IsDigit}, {"IsGraphic", unicode.IsGraphic},
		{"IsLetter", unicode.IsLetter}, {"IsLower", unicode.IsLower}, {"IsMark", unicode.IsMark},
		{"IsNumber", unicode.IsNumber}, {"IsPrint", unicode.IsPrint}, {"IsPunct", unicode.IsPunct},
		{"IsSpace", unicode.IsSpace}, {"IsSymbol", unicode.IsSymbol}, {"IsTitle", unicode.IsTitle},
		{"IsUpper", unicode.IsUpper},
	}
	for _, p := range predicates {
		b := []byte{}
		for r := rune(-1); r <= unicode.MaxRune+1; r++ {
			if p.f(r) {
				b = append(b, '1')
			} else {
				b = append(b, '0')
			}
		}
		fmt.Println(p.name, crc32.ChecksumIEEE(b))
	}
	mappings := []struct {
		name string
		f    func(rune) rune
	}{
		{"ToUpper", unicode.ToUpper}, {"ToLower", unicode.ToLower}, {"ToTitle", unicode.ToTitle},
		{"SimpleFold", unicode.SimpleFold},
	}
	for _, m := range mappings {
		b := []byte{}
		for r := rune(-1); r <= unicode.MaxRune+1; r++ {
			b = fmt.Appendf(b, "%d,", m.f(r)-r)
		}
		fmt.Println(m.name, crc32.ChecksumIEEE(b))
	}
}
