package fmt

import (
	"errors"
	"io"
	"os"
	"strconv"
	"unicode/utf8"
)

// ScanState is what a Scanner is given.
type ScanState interface {
	ReadRune() (r rune, size int, err error)
	UnreadRune() error
	SkipSpace()
	Token(skipSpace bool, f func(rune) bool) (token []byte, err error)
	Width() (wid int, ok bool)
	Read(buf []byte) (n int, err error)
}

// Scanner scans itself.
type Scanner interface {
	Scan(state ScanState, verb rune) error
}

func Scan(a ...any) (n int, err error)                 { return Fscan(os.Stdin, a...) }
func Scanln(a ...any) (n int, err error)               { return Fscanln(os.Stdin, a...) }
func Scanf(format string, a ...any) (n int, err error) { return Fscanf(os.Stdin, format, a...) }

func Sscan(str string, a ...any) (n int, err error) {
	return newScan(&textReader{s: str}, true, false).all(a)
}

func Sscanln(str string, a ...any) (n int, err error) {
	return newScan(&textReader{s: str}, false, true).all(a)
}

func Sscanf(str string, format string, a ...any) (n int, err error) {
	return newScan(&textReader{s: str}, false, false).byFormat(format, a)
}

func Fscan(r io.Reader, a ...any) (n int, err error) {
	return newScan(runes(r), true, false).all(a)
}

func Fscanln(r io.Reader, a ...any) (n int, err error) {
	return newScan(runes(r), false, true).all(a)
}

func Fscanf(r io.Reader, format string, a ...any) (n int, err error) {
	return newScan(runes(r), false, false).byFormat(format, a)
}

// find returns where an ASCII character is in a text, or -1.
func find(text string, r rune) int

func contains(text string, r rune) bool { return find(text, r) >= 0 }

func ldexp(f float64, exp int) float64

// textReader reads s from i on; the last rune had size bytes.
type textReader struct {
	s    string
	i    int
	size int
}

func (t *textReader) ReadRune() (r rune, size int, err error) {
	if t.i >= len(t.s) {
		return 0, 0, io.EOF
	}
	r, t.size = utf8.DecodeRuneInString(t.s[t.i:])
	t.i += t.size
	return r, t.size, nil
}

func (t *textReader) UnreadRune() error {
	t.i -= t.size
	t.size = 0
	return nil
}

// ---- runes of a reader that knows only bytes ----

type runeReader struct {
	r       io.Reader
	waiting []byte // read, but not part of a rune yet
	last    rune
	again   bool // last is to be read once more
	can     bool // there is a last
}

func runes(r io.Reader) io.RuneScanner {
	if rs, ok := r.(io.RuneScanner); ok {
		return rs
	}
	return &runeReader{r: r}
}

func (r *runeReader) more() error {
	var one [1]byte
	n, err := io.ReadFull(r.r, one[:])
	if n == 1 {
		r.waiting = append(r.waiting, one[0])
		return nil
	}
	return err
}

func (r *runeReader) ReadRune() (c rune, size int, err error) {
	if r.again {
		r.again = false
		return r.last, utf8.RuneLen(r.last), nil
	}
	if len(r.waiting) == 0 {
		if err := r.more(); err != nil {
			return 0, 0, err
		}
	}
	for !utf8.FullRune(r.waiting) {
		if err := r.more(); err == io.EOF {
			break
		} else if err != nil {
			return 0, 0, err
		}
	}
	c, size = utf8.DecodeRune(r.waiting)
	r.waiting = r.waiting[size:]
	r.last, r.can = c, true
	return c, size, nil
}

func (r *runeReader) UnreadRune() error {
	if r.again || !r.can {
		return errors.New("fmt: scanning called UnreadRune with no rune available")
	}
	r.again = true
	return nil
}

// ---- the state of a scan ----

const (
	eof  = -1
	huge = 1 << 30
)

// scanError is what a scan panics with to give up.
type scanError struct {
	err error
}

// ss reads runes up to the count limit; token holds what accept took.
type ss struct {
	rs        io.RuneScanner
	token     []byte
	count     int
	atEOF     bool
	nlIsSpace bool
	nlIsEnd   bool
	limit     int
	width     int
}

func newScan(rs io.RuneScanner, nlIsSpace, nlIsEnd bool) *ss {
	return &ss{rs: rs, nlIsSpace: nlIsSpace, nlIsEnd: nlIsEnd, limit: huge, width: huge}
}

func (s *ss) Read(buf []byte) (n int, err error) {
	return 0, errors.New("ScanState's Read should not be called. Use ReadRune")
}

func (s *ss) ReadRune() (r rune, size int, err error) {
	if s.atEOF || s.count >= s.limit {
		return 0, 0, io.EOF
	}
	r, size, err = s.rs.ReadRune()
	if err == nil {
		s.count++
		s.atEOF = s.nlIsEnd && r == '\n'
	} else if err == io.EOF {
		s.atEOF = true
	}
	return r, size, err
}

func (s *ss) UnreadRune() error {
	s.rs.UnreadRune()
	s.atEOF = false
	s.count--
	return nil
}

func (s *ss) Width() (wid int, ok bool) {
	if s.width == huge {
		return 0, false
	}
	return s.width, true
}

func (s *ss) Token(skipSpace bool, f func(rune) bool) (tok []byte, err error) {
	defer func() {
		if e := recover(); e != nil {
			failure, ok := e.(scanError)
			if !ok {
				panic(e)
			}
			err = failure.err
		}
	}()
	if f == nil {
		f = notSpace
	}
	s.token = s.token[:0]
	return s.take(skipSpace, f), nil
}

func (s *ss) SkipSpace() {
	for {
		r := s.get()
		switch {
		case r == eof:
			return
		case r == '\r' && s.peek("\n"):
		case r == '\n':
			if !s.nlIsSpace {
				s.fail("unexpected newline")
			}
		case !isSpace(r):
			s.UnreadRune()
			return
		}
	}
}

func (s *ss) fail(text string) { panic(scanError{errors.New(text)}) }

func (s *ss) try(err error) {
	if err != nil {
		panic(scanError{err})
	}
}

func (s *ss) get() rune {
	r, _, err := s.ReadRune()
	if err == io.EOF {
		return eof
	}
	s.try(err)
	return r
}

func (s *ss) must() rune {
	r := s.get()
	if r == eof {
		s.try(io.ErrUnexpectedEOF)
	}
	return r
}

// begin makes sure that there is something.
func (s *ss) begin() {
	if s.get() == eof {
		panic(scanError{io.EOF})
	}
	s.UnreadRune()
}

func (s *ss) take(skipSpace bool, f func(rune) bool) []byte {
	if skipSpace {
		s.SkipSpace()
	}
	for {
		r := s.get()
		if r == eof {
			break
		}
		if !f(r) {
			s.UnreadRune()
			break
		}
		s.token = utf8.AppendRune(s.token, r)
	}
	return s.token
}

func (s *ss) peek(wanted string) bool {
	r := s.get()
	if r == eof {
		return false
	}
	s.UnreadRune()
	return contains(wanted, r)
}

// accept takes the next rune into the token if it is wanted.
func (s *ss) accept(wanted string) bool {
	r := s.get()
	if r == eof {
		return false
	}
	if !contains(wanted, r) {
		s.UnreadRune()
		return false
	}
	s.token = utf8.AppendRune(s.token, r)
	return true
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000:
		return true
	}
	return 0x2000 <= r && r <= 0x200a
}

func notSpace(r rune) bool { return !isSpace(r) }

func (s *ss) verbIn(verb rune, good, what string) {
	if !contains(good, verb) {
		s.fail("bad verb '%" + string(verb) + "' for " + what)
	}
}

// ---- values ----

const (
	digits2    = "01"
	digits8    = "01234567"
	digits10   = "0123456789"
	digits16   = "0123456789aAbBcCdDeEfF"
	signs      = "+-"
	floatVerbs = "beEfFgGv"
)

func (s *ss) scanBool(verb rune) bool {
	s.SkipSpace()
	s.begin()
	s.verbIn(verb, "tv", "boolean")
	good := true
	truth := false
	switch s.get() {
	case '1':
		truth = true
	case 't', 'T':
		truth = true
		good = !s.accept("rR") || s.accept("uU") && s.accept("eE")
	case 'f', 'F':
		good = !s.accept("aA") || s.accept("lL") && s.accept("sS") && s.accept("eE")
	}
	if !good {
		s.fail("syntax error scanning boolean")
	}
	return truth
}

func (s *ss) scanRune(bits int) rune {
	s.begin()
	r := s.get()
	if shift := 64 - uint(bits); int64(r)<<shift>>shift != int64(r) {
		s.fail("overflow on character value " + string(r))
	}
	return r
}

// number takes the digits of an integer; base 0: they have a prefix.
func (s *ss) number(verb rune, signed bool) (token string, base int) {
	s.SkipSpace()
	s.begin()
	s.verbIn(verb, "bdoUxXv", "integer")
	base = 10
	digits := digits10
	switch verb {
	case 'b':
		base, digits = 2, digits2
	case 'o':
		base, digits = 8, digits8
	case 'x', 'X', 'U':
		base, digits = 16, digits16
	}
	begun := false
	switch {
	case verb == 'U':
		if !s.accept("U") || !s.accept("+") {
			s.fail("bad unicode format ")
		}
		s.token = s.token[:0]
	case signed:
		s.accept(signs)
	}
	if verb == 'v' {
		base, digits = 0, digits10+"_"
		if s.accept("0") {
			begun = true
			switch {
			case s.accept("bB"):
				digits = digits2 + "_"
			case s.accept("oO"):
				digits = digits8 + "_"
			case s.accept("xX"):
				digits = digits16 + "_"
			default:
				digits = digits8 + "_"
			}
		}
	}
	if !begun {
		s.begin()
		if !s.accept(digits) {
			s.fail("expected integer")
		}
	}
	for s.accept(digits) {
	}
	return string(s.token), base
}

func (s *ss) scanInt(verb rune, bits int) int64 {
	if verb == 'c' {
		return int64(s.scanRune(bits))
	}
	token, base := s.number(verb, true)
	i, err := strconv.ParseInt(token, base, 64)
	s.try(err)
	if shift := 64 - uint(bits); i<<shift>>shift != i {
		s.fail("integer overflow on token " + token)
	}
	return i
}

func (s *ss) scanUint(verb rune, bits int) uint64 {
	if verb == 'c' {
		return uint64(s.scanRune(bits))
	}
	token, base := s.number(verb, false)
	i, err := strconv.ParseUint(token, base, 64)
	s.try(err)
	if shift := 64 - uint(bits); i<<shift>>shift != i {
		s.fail("unsigned integer overflow on token " + token)
	}
	return i
}

// float takes what may be a floating-point number.
func (s *ss) float() string {
	s.token = s.token[:0]
	if s.accept("nN") && s.accept("aA") && s.accept("nN") {
		return string(s.token)
	}
	s.accept(signs)
	if s.accept("iI") && s.accept("nN") && s.accept("fF") {
		return string(s.token)
	}
	digits := digits10 + "_"
	exponent := "eEpP"
	if s.accept("0") && s.accept("xX") {
		digits = digits16 + "_"
		exponent = "pP"
	}
	for s.accept(digits) {
	}
	if s.accept(".") {
		for s.accept(digits) {
		}
	}
	if s.accept(exponent) {
		s.accept(signs)
		for s.accept(digits10 + "_") {
		}
	}
	return string(s.token)
}

func (s *ss) parseFloat(text string, bits int) float64 {
	p := find(text, 'p')
	if p < 0 || find(text, 'x') >= 0 || find(text, 'X') >= 0 {
		f, err := strconv.ParseFloat(text, bits)
		s.try(err)
		return f
	}
	// A decimal number times a power of two.
	f, err := strconv.ParseFloat(text[:p], bits)
	s.tryNumber(err, text)
	power, err := strconv.Atoi(text[p+1:])
	s.tryNumber(err, text)
	return ldexp(f, power)
}

func (s *ss) tryNumber(err error, text string) {
	if wrong, ok := err.(*strconv.NumError); ok {
		wrong.Num = text
	}
	s.try(err)
}

func (s *ss) scanComplex(verb rune, bits int) complex128 {
	s.verbIn(verb, floatVerbs, "complex")
	s.SkipSpace()
	s.begin()
	parens := s.accept("(")
	re := s.float()
	s.token = s.token[:0]
	good := s.accept(signs)
	sign := string(s.token)
	im := ""
	if good {
		im = sign + s.float()
		good = s.accept("i") && (!parens || s.accept(")"))
	}
	if !good {
		s.fail("syntax error scanning complex number")
	}
	x := s.parseFloat(re, bits/2)
	return complex(x, s.parseFloat(im, bits/2))
}

func (s *ss) scanString(verb rune) string {
	s.verbIn(verb, "svqxX", "string")
	s.SkipSpace()
	s.begin()
	switch verb {
	case 'q':
		return s.quoted()
	case 'x', 'X':
		return s.hexString()
	}
	return string(s.take(true, notSpace))
}

func (s *ss) quoted() string {
	switch quote := s.get(); quote {
	case '`':
		for {
			r := s.must()
			if r == quote {
				return string(s.token)
			}
			s.token = utf8.AppendRune(s.token, r)
		}
	case '"':
		s.token = append(s.token, '"')
		for {
			r := s.must()
			s.token = utf8.AppendRune(s.token, r)
			if r == '\\' {
				s.token = utf8.AppendRune(s.token, s.must())
			} else if r == '"' {
				break
			}
		}
		text, err := strconv.Unquote(string(s.token))
		s.try(err)
		return text
	}
	s.fail("expected quoted string")
	return ""
}

func (s *ss) hexString() string {
	for {
		r := s.get()
		if r == eof {
			break
		}
		high := find(hexDigits, r)
		if high < 0 {
			s.UnreadRune()
			break
		}
		low := find(hexDigits, s.must())
		if low < 0 {
			s.fail("illegal hex digit")
		}
		s.token = append(s.token, byte(high/2<<4|low/2))
	}
	if len(s.token) == 0 {
		s.fail("no hex data for %x string")
	}
	return string(s.token)
}

// Each digit twice.
const hexDigits = "00112233445566778899aAbBcCdDeEfF"

// What a pointer may point to, as pointee says.
const (
	noPointer = iota
	aBool
	anInt
	aUint
	aFloat
	aComplex
	aString
	theBytes
	somethingElse
)

// pointee says what arg points to, how many bits that has, and what the type of arg is.
func pointee(arg any) (kind, bits int, typ string)

// store puts a value where arg points.
func store(arg any, value any)

func (s *ss) one(verb rune, arg any) {
	s.token = s.token[:0]
	if own, ok := arg.(Scanner); ok {
		err := own.Scan(s, verb)
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		s.try(err)
		return
	}
	kind, bits, typ := pointee(arg)
	switch kind {
	case aBool:
		store(arg, s.scanBool(verb))
	case anInt:
		store(arg, s.scanInt(verb, bits))
	case aUint:
		store(arg, s.scanUint(verb, bits))
	case aFloat:
		if typ == "*float32" || typ == "*float64" {
			s.verbIn(verb, floatVerbs, typ[1:])
		}
		s.SkipSpace()
		s.begin()
		store(arg, s.parseFloat(s.float(), bits))
	case aComplex:
		store(arg, s.scanComplex(verb, bits))
	case aString:
		store(arg, s.scanString(verb))
	case theBytes:
		store(arg, []byte(s.scanString(verb)))
	case noPointer:
		s.fail("type not a pointer: " + typ)
	default:
		s.fail("can't scan type: " + typ)
	}
}

// ---- arguments in turn ----

func caught(err *error) {
	e := recover()
	if e == nil {
		return
	}
	if failure, ok := e.(scanError); ok {
		*err = failure.err
	} else if end, ok := e.(error); ok && end == io.EOF {
		*err = end
	} else {
		panic(e)
	}
}

func (s *ss) all(a []any) (n int, err error) {
	defer caught(&err)
	for _, arg := range a {
		s.one('v', arg)
		n++
	}
	for s.nlIsEnd {
		r := s.get()
		if r == '\n' || r == eof {
			break
		}
		if !isSpace(r) {
			s.fail("expected newline")
		}
	}
	return n, nil
}

func (s *ss) byFormat(format string, a []any) (n int, err error) {
	defer caught(&err)
	for i := 0; i < len(format); {
		if w := s.advance(format[i:]); w > 0 {
			i += w
			continue
		} else if format[i] != '%' {
			if w < 0 {
				s.fail("input does not match format")
			}
			break
		}
		i++
		s.width = huge
		if w, j := leadingNumber(format, i, len(format)-1); j != i {
			s.width, i = w, j
		}
		verb, w := utf8.DecodeRuneInString(format[i:])
		i += w
		if verb != 'c' {
			s.SkipSpace()
		}
		if verb == '%' {
			s.SkipSpace()
			s.begin()
			if !s.accept("%") {
				s.fail("missing literal %")
			}
			continue
		}
		s.limit = min(huge, s.count+s.width)
		if n >= len(a) {
			s.fail("too few operands for format '%" + format[i-w:] + "'")
		}
		s.one(verb, a[n])
		n++
		s.limit = huge
	}
	if n < len(a) {
		s.fail("too many operands")
	}
	return n, nil
}

// leadingNumber reads a width; one that is crazy ends the format.
func leadingNumber(format string, i, end int) (n, j int) {
	for j = i; j < end && '0' <= format[j] && format[j] <= '9'; j++ {
		if n > 1e6 {
			return huge, end
		}
		n = 10*n + int(format[j]-'0')
	}
	return n, j
}

// advance reads what stands in the format before the next verb. It returns how much of the format
// that was, or -1 when the input is another.
func (s *ss) advance(format string) (i int) {
	for i < len(format) {
		c, w := utf8.DecodeRuneInString(format[i:])
		if isSpace(c) {
			i += s.advanceSpace(format[i:])
			continue
		}
		if c == '%' {
			if i+w == len(format) {
				s.fail("missing verb: % at end of format string")
			}
			if format[i+w] != '%' {
				return i
			}
			i += w
		}
		if c != s.must() {
			s.UnreadRune()
			return -1
		}
		i += w
	}
	return i
}

// advanceSpace matches the space at the beginning of a format: each newline one of the input, other
// space before the next text any, but at least some if there is no newline.
func (s *ss) advanceSpace(format string) (i int) {
	newlines := 0
	trailing := false
	for i < len(format) {
		c, w := utf8.DecodeRuneInString(format[i:])
		if !isSpace(c) {
			break
		}
		if c == '\n' {
			newlines++
		}
		trailing = c != '\n'
		i += w
	}
	for range newlines {
		r := s.get()
		for isSpace(r) && r != '\n' {
			r = s.get()
		}
		if r != '\n' && r != eof {
			s.fail("newline in format does not match input")
		}
	}
	if !trailing {
		return i
	}
	r := s.get()
	if newlines == 0 {
		if !isSpace(r) && r != eof {
			s.fail("expected space in input to match format")
		}
		if r == '\n' {
			s.fail("newline in input does not match format")
		}
	}
	for isSpace(r) && r != '\n' {
		r = s.get()
	}
	if r != eof {
		s.UnreadRune()
	}
	return i
}
