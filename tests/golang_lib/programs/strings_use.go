package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

func main() {
	fmt.Println(strings.Contains("seafood", "foo"), strings.ContainsRune("aé", 'é'), strings.ContainsAny("x", ""), strings.ContainsFunc("ab1", unicode.IsDigit))
	fmt.Println(strings.Map(func(r rune) rune {
		if r == 'a' {
			return 'é'
		}
		if r == 'x' {
			return -1
		}
		return r
	}, "banxana"), strings.Map(unicode.ToUpper, "añb"), strings.Map(func(r rune) rune { return r }, "\xffa"))
	fmt.Printf("%q %q %q\n", strings.FieldsFunc("a1b2c", unicode.IsDigit), strings.TrimFunc("123abc456", unicode.IsDigit), strings.TrimRightFunc("x  ", unicode.IsSpace))
	fmt.Println(strings.IndexFunc("héllo", func(r rune) bool { return r > 127 }), strings.LastIndexFunc("héllo", unicode.IsLetter), strings.LastIndexFunc("123", unicode.IsLetter))
	fmt.Println(strings.EqualFold("Go", "GO"), strings.EqualFold("ß", "SS"), strings.EqualFold("Σ", "ς"), strings.EqualFold("K", "k"), strings.EqualFold("é", "É"), strings.EqualFold("a", "ab"))
	fmt.Println(strings.Title("hello wörld foo_bar o'neil"), strings.ToTitle("ǆ"), strings.ToUpper("ß"))
	b, a, ok := strings.Cut("key=value=x", "=")
	fmt.Println(b, a, ok)
	a, ok = strings.CutPrefix("prefix-x", "prefix-")
	fmt.Println(a, ok)
	b, ok = strings.CutSuffix("x.go", ".txt")
	fmt.Println(b, ok, strings.Compare("a", "b"), strings.Compare("b", "a"), strings.Compare("a", "a"))
	for l := range strings.Lines("a\nb\n\nc") {
		fmt.Printf("%q ", l)
	}
	for s := range strings.SplitSeq("a,b,c", ",") {
		fmt.Print(s, ";")
	}
	for s := range strings.FieldsSeq("  x y  z ") {
		fmt.Print(s, ";")
	}
	for s := range strings.SplitAfterSeq("a-b", "-") {
		fmt.Print(s, ";")
	}
	fmt.Println(slices.Collect(strings.FieldsFuncSeq("a1b", unicode.IsDigit)), slices.Collect(strings.SplitSeq("héy", "")))

	var sb strings.Builder
	for i := range 3 {
		fmt.Fprintf(&sb, "%d,", i)
	}
	sb.WriteByte('!')
	sb.WriteRune('é')
	n, err := sb.WriteString("end")
	fmt.Println(sb.String(), sb.Len(), n, err)
	sb.Reset()
	sb.Grow(10)
	fmt.Println(sb.Len(), sb.Cap() >= 10)
	func() {
		defer func() { fmt.Println(recover()) }()
		sb.WriteString("x")
		c := sb
		c.WriteString("y")
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		strings.Repeat("x", -1)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		strings.NewReplacer("a")
	}()
	r := strings.NewReplacer("<", "&lt;", ">", "&gt;")
	fmt.Println(r.Replace("<b>bold</b>"))
	r.WriteString(os.Stdout, "a<b\n")
	rd := strings.NewReader("héllo")
	ch, size, _ := rd.ReadRune()
	ch2, size2, _ := rd.ReadRune()
	fmt.Println(ch, size, ch2, size2, rd.Len(), rd.Size(), rd.UnreadRune(), rd.UnreadRune())
	off, err := rd.Seek(-2, io.SeekEnd)
	rest, _ := io.ReadAll(rd)
	fmt.Println(off, err, string(rest))
	_, err = rd.Seek(-1, io.SeekStart)
	fmt.Println(err)
	_, err = rd.ReadAt(make([]byte, 3), 100)
	fmt.Println(err)

	i, err := strconv.Atoi("12a")
	fmt.Println(i, err)
	_, err = strconv.ParseInt("999", 10, 8)
	fmt.Println(err, err.(*strconv.NumError).Err == strconv.ErrRange, err.(*strconv.NumError).Func)
	_, err = strconv.ParseUint("1", 99, 8)
	fmt.Println(err)
	_, err = strconv.ParseFloat("1.x", 64)
	fmt.Println(err)
	bb, err := strconv.ParseBool("maybe")
	fmt.Println(bb, err)
	f, err := strconv.ParseFloat("1e999", 64)
	fmt.Println(f, err)
	q, err := strconv.Unquote(`"a\tb"`)
	fmt.Printf("%q %v\n", q, err)
	_, err = strconv.Unquote("x")
	fmt.Println(err)
	fmt.Println(strconv.Itoa(-5), strconv.FormatInt(255, 16), strconv.Quote("hé\n"), strconv.QuoteRune('☺'), strconv.FormatFloat(1.5, 'f', 3, 64), string(strconv.AppendInt(nil, 7, 2)), strconv.FormatBool(true))
	fmt.Printf("%s\n", strconv.AppendQuote([]byte("x="), "y"))
	c, err := strconv.ParseComplex("1+2i", 128)
	fmt.Println(c, err)
}
