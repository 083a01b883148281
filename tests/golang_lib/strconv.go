// Records what package strconv answers: go run strconv.go > strconv.json
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
)

type record struct {
	F    string
	Args []any
	Want any
}

var records []record

func bytes(s string) []int {
	out := make([]int, len(s))
	for i := range len(s) {
		out[i] = int(s[i])
	}
	return out
}

func add(f string, want any, args ...any) {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = bytes(s)
		}
	}
	if s, ok := want.(string); ok {
		want = bytes(s)
	}
	records = append(records, record{f, args, want})
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func float(f float64) string { return fmt.Sprintf("%016x", math.Float64bits(f)) }

func main() {
	ints := []string{"", "0", "1", "-1", "+5", "12a", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
		"-9223372036854775809", "18446744073709551615", "18446744073709551616", "99999999999999999999999z", "0x1F", "0X_1f", "0b101", "0o17", "017", "08",
		"1_000", "1__0", "_1", "1_", "0_7", "0x", "0b", "0", "00", "-0x80", "--1", "+-1", "127", "128", "-128", "-129", "255", "256", "zz", "Zz", "é", " 1", "1 ", "0x_", "-", "+"}
	for _, s := range ints {
		for _, base := range []int{0, 2, 8, 10, 16, 36, 1, 37} {
			for _, bits := range []int{0, 8, 16, 32, 64, 65, -1} {
				i, err := strconv.ParseInt(s, base, bits)
				add("ParseInt", []any{fmt.Sprint(i), text(err)}, s, base, bits)
				u, err := strconv.ParseUint(s, base, bits)
				add("ParseUint", []any{fmt.Sprint(u), text(err)}, s, base, bits)
			}
		}
		i, err := strconv.Atoi(s)
		add("Atoi", []any{fmt.Sprint(i), text(err)}, s)
	}
	floats := []string{"", "0", "-0", "1", "+1", "1.5", ".5", "5.", ".", "1e10", "1e", "1e+", "1e-5", "1E5", "1e400", "-1e400", "1e-400", "1.7976931348623159e308",
		"4.9e-324", "2.4e-324", "2.5e-324", "inf", "-Inf", "+INF", "infinity", "Infinit", "infi", "nan", "NaN", "+nan", "-nan", "nanx", "0x1p3", "0x1.8p1", "0x.8p-1", "0x1", "0x", "0xp1", "0X1P+3",
		"0x1.fffffffffffff8p1023", "0x1.fffffffffffff7p1023", "0x1p-1074", "0x1p-1075", "0x1.0000001p-1075", "1_000.5", "1__0", "_1", "1_", "1_23.50_0_0e+1_2", "0x_1p3", "0x1_0.8p0_1", "1e1_0", "1.2.3", "1x", " 1", "1 ",
		"16777217", "16777219", "3.4028236e38", "3.4028235677973366e38", "3.4028234e38", "1e-45", "7e-46", "7.1e-46", "1.00000005960464477539062501", "1.000000059604644775390625", "0.1", "1e23", "123456789012345678901234567890",
		"9007199254740993", "2.2250738585072011e-308", "1e10000000000000", "1e-10000000000000", "0e99999999999", "0x1p-150", "0x1.000001p0", "0x1.000003p0", "0x1p128", "٣", "1e٣", "0x1_p0", "1_e5", "1._5", "0x1.8", "0b1", "0o1"}
	for _, s := range floats {
		for _, bits := range []int{32, 64} {
			f, err := strconv.ParseFloat(s, bits)
			add("ParseFloat", []any{float(f), text(err)}, s, bits)
		}
	}
	for _, s := range []string{"", "1", "i", "1i", "1+2i", "(1+2i)", "(1-2i)", "1+-2i", "1++2i", "1+NaNi", "Inf+Infi", "1e400+1i", "1+1e400i", "+i", "1+i", "(1)", "(", "1 + 2i", "-3.5e2-0x1p2i", "1+2", "1+2j", "3.4e39+1i"} {
		for _, bits := range []int{64, 128} {
			c, err := strconv.ParseComplex(s, bits)
			add("ParseComplex", []any{float(real(c)), float(imag(c)), text(err)}, s, bits)
		}
	}
	values := []float64{0, math.Copysign(0, -1), 1, -1, 0.1, 1.5, 100, 1e6, 1e20, 1e21, 1e22, 1e-4, 1e-5, 123456789, 1234.5678, math.Pi, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), math.NaN(), 5e-324, 2.5, 3.5, 0.000123456, 33909, 8.41e21, 16777216, 0.5, 9.5, 99.95}
	for _, v := range values {
		for _, verb := range "beEfgGxXz" {
			for _, prec := range []int{-1, 0, 1, 2, 5, 17, 30} {
				for _, bits := range []int{32, 64} {
					add("FormatFloat", strconv.FormatFloat(v, byte(verb), prec, bits), float(v), int(verb), prec, bits)
				}
			}
		}
	}
	add("FormatComplex", strconv.FormatComplex(complex(1.5, -2), 'g', -1, 128), float(1.5), float(-2), int('g'), -1, 128)
	add("FormatComplex", strconv.FormatComplex(complex(math.NaN(), math.Inf(1)), 'f', 2, 64), float(math.NaN()), float(math.Inf(1)), int('f'), 2, 64)
	for _, i := range []int64{0, 1, -1, 35, 36, -255, math.MaxInt64, math.MinInt64} {
		for base := 2; base <= 36; base++ {
			add("FormatInt", strconv.FormatInt(i, base), fmt.Sprint(i), base)
		}
	}
	texts := []string{"", "abc", "a\"b'c`d", "\a\b\f\n\r\t\v\\", "\x00\x1f\x7f\x80\xff", "é日本\U0001f600", "\u00a0\u2028\u3000\ufeff\ufffd", "\xed\xa0\x80", "\xe2\x82", "\u0301a", "\u00ad", "tab\tx", "\U0010ffff"}
	for _, s := range texts {
		add("Quote", strconv.Quote(s), s)
		add("QuoteToASCII", strconv.QuoteToASCII(s), s)
		add("QuoteToGraphic", strconv.QuoteToGraphic(s), s)
		add("CanBackquote", strconv.CanBackquote(s), s)
	}
	for _, r := range []rune{'a', '\'', '"', '\n', 0, 0x7f, 0xe9, 0xa0, 0x2028, 0xfffd, 0xd800, -1, 0x10ffff, 0x110000, 0x1f600, 0xad} {
		add("QuoteRune", strconv.QuoteRune(r), int(r))
		add("QuoteRuneToASCII", strconv.QuoteRuneToASCII(r), int(r))
		add("QuoteRuneToGraphic", strconv.QuoteRuneToGraphic(r), int(r))
		add("IsPrint", strconv.IsPrint(r), int(r))
		add("IsGraphic", strconv.IsGraphic(r), int(r))
	}
	for _, s := range []string{"", `"`, `""`, `"a"`, `"a`, `a"`, `'a'`, `'ab'`, `''`, `'\''`, `"\""`, `"\'"`, `'\"'`, "`a`", "`a\rb`", "`a\\n`", "`", `"\x41\101\u00e9\U0001F600"`, `"\xff"`, `"\400"`, `"\ud800"`, `"\z"`, `"\x4"`,
		"\"\n\"", `"é"`, "\"\xff\"", `'é'`, "'\xff'", `"a"b`, `"a"  `, `'\xff'`, `'\u00e9'`, `"\`, `"\"`, `x`, `"\a\b\f\n\r\t\v\\"`, `'\n'`} {
		out, err := strconv.Unquote(s)
		add("Unquote", []any{bytes(out), text(err)}, s)
		out, err = strconv.QuotedPrefix(s)
		add("QuotedPrefix", []any{bytes(out), text(err)}, s)
		for _, q := range []byte{'"', '\'', 0} {
			v, multi, tail, err := strconv.UnquoteChar(s, q)
			add("UnquoteChar", []any{int(v), multi, bytes(tail), text(err)}, s, int(q))
		}
	}
	enc := json.NewEncoder(os.Stdout)
	for _, r := range records {
		if err := enc.Encode([]any{r.F, r.Args, r.Want}); err != nil {
			panic(err)
		}
	}
}
