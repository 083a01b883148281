// Package base64 is Go's package encoding/base64.
package base64

import (
	"io"
	"slices"
	"strconv"
)

const (
	StdPadding rune = '='
	NoPadding  rune = -1
)

const none = 0xff

type Encoding struct {
	encode    [64]byte
	decodeMap [256]uint8
	padChar   rune
	strict    bool
}

func NewEncoding(encoder string) *Encoding {
	if len(encoder) != 64 {
		panic("encoding alphabet is not 64-bytes long")
	}
	e := &Encoding{padChar: StdPadding}
	copy(e.encode[:], encoder)
	for i := range e.decodeMap {
		e.decodeMap[i] = none
	}
	for i := 0; i < len(encoder); i++ {
		switch c := encoder[i]; {
		case c == '\n' || c == '\r':
			panic("encoding alphabet contains newline character")
		case e.decodeMap[c] != none:
			panic("encoding alphabet includes duplicate symbols")
		default:
			e.decodeMap[c] = uint8(i)
		}
	}
	return e
}

func (enc Encoding) WithPadding(padding rune) *Encoding {
	switch {
	case padding < NoPadding || padding == '\r' || padding == '\n' || padding > 0xff:
		panic("invalid padding")
	case padding != NoPadding && enc.decodeMap[byte(padding)] != none:
		panic("padding contained in alphabet")
	}
	enc.padChar = padding
	return &enc
}

func (enc Encoding) Strict() *Encoding {
	enc.strict = true
	return &enc
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

var StdEncoding = NewEncoding(letters + "+/")

var URLEncoding = NewEncoding(letters + "-_")

var RawStdEncoding = StdEncoding.WithPadding(NoPadding)

var RawURLEncoding = URLEncoding.WithPadding(NoPadding)

func (enc *Encoding) EncodedLen(n int) int {
	if enc.padChar == NoPadding {
		return n/3*4 + (n%3*8+5)/6
	}
	return (n + 2) / 3 * 4
}

func decodedLen(n int, padding rune) int {
	if padding == NoPadding {
		return n/4*3 + n%4*6/8
	}
	return n / 4 * 3
}

func (enc *Encoding) DecodedLen(n int) int { return decodedLen(n, enc.padChar) }

func (enc *Encoding) Encode(dst, src []byte) {
	for len(src) >= 3 {
		x := uint(src[0])<<16 | uint(src[1])<<8 | uint(src[2])
		_ = dst[3]
		dst[0] = enc.encode[x>>18&63]
		dst[1] = enc.encode[x>>12&63]
		dst[2] = enc.encode[x>>6&63]
		dst[3] = enc.encode[x&63]
		src, dst = src[3:], dst[4:]
	}
	if len(src) == 0 {
		return
	}
	x := uint(src[0]) << 16
	if len(src) == 2 {
		x |= uint(src[1]) << 8
	}
	dst[0] = enc.encode[x>>18&63]
	dst[1] = enc.encode[x>>12&63]
	if len(src) == 2 {
		dst[2] = enc.encode[x>>6&63]
	} else if enc.padChar != NoPadding {
		dst[2] = byte(enc.padChar)
	}
	if enc.padChar != NoPadding {
		dst[3] = byte(enc.padChar)
	}
}

//gosim:since 1.22
func (enc *Encoding) AppendEncode(dst, src []byte) []byte {
	n := enc.EncodedLen(len(src))
	dst = slices.Grow(dst, n)
	enc.Encode(dst[len(dst):][:n], src)
	return dst[:len(dst)+n]
}

func (enc *Encoding) EncodeToString(src []byte) string {
	b := make([]byte, enc.EncodedLen(len(src)))
	enc.Encode(b, src)
	return string(b)
}

type encoder struct {
	err  error
	enc  *Encoding
	w    io.Writer
	kept []byte // fewer than three bytes that wait for more
	out  [1024]byte
}

func NewEncoder(enc *Encoding, w io.Writer) io.WriteCloser { return &encoder{enc: enc, w: w} }

func (e *encoder) Write(p []byte) (n int, err error) {
	if e.err != nil {
		return 0, e.err
	}
	if len(e.kept) > 0 {
		n = min(len(p), 3-len(e.kept))
		e.kept = append(e.kept, p[:n]...)
		p = p[n:]
		if len(e.kept) < 3 {
			return n, nil
		}
		e.enc.Encode(e.out[:], e.kept)
		if _, e.err = e.w.Write(e.out[:4]); e.err != nil {
			return n, e.err
		}
		e.kept = nil
	}
	for len(p) >= 3 {
		part := min(len(p)/3, len(e.out)/4) * 3
		e.enc.Encode(e.out[:], p[:part])
		if _, e.err = e.w.Write(e.out[:part/3*4]); e.err != nil {
			return n, e.err
		}
		n += part
		p = p[part:]
	}
	e.kept = append([]byte(nil), p...)
	return n + len(p), nil
}

func (e *encoder) Close() error {
	if e.err == nil && len(e.kept) > 0 {
		e.enc.Encode(e.out[:], e.kept)
		_, e.err = e.w.Write(e.out[:e.enc.EncodedLen(len(e.kept))])
		e.kept = nil
	}
	return e.err
}

type CorruptInputError int64

func (e CorruptInputError) Error() string {
	return "illegal base64 data at input byte " + strconv.FormatInt(int64(e), 10)
}

func skipNewlines(src []byte, at int) int {
	for at < len(src) && (src[at] == '\n' || src[at] == '\r') {
		at++
	}
	return at
}

// quantum decodes up to four characters from at on; it returns where it stopped and how many bytes
// it made.
func (enc *Encoding) quantum(dst, src []byte, at int) (next, n int, err error) {
	var digits [4]byte
	count := 4
scan:
	for j := 0; j < 4; j++ {
		if at == len(src) {
			switch {
			case j == 0:
				return at, 0, nil
			case j == 1 || enc.padChar != NoPadding:
				return at, 0, CorruptInputError(at - j)
			}
			count = j
			break
		}
		c := src[at]
		at++
		if digit := enc.decodeMap[c]; digit != none {
			digits[j] = digit
			continue
		}
		if c == '\n' || c == '\r' {
			j--
			continue
		}
		if rune(c) != enc.padChar || j < 2 {
			return at, 0, CorruptInputError(at - 1)
		}
		if j == 2 {
			at = skipNewlines(src, at)
			if at == len(src) {
				return at, 0, CorruptInputError(len(src))
			}
			if rune(src[at]) != enc.padChar {
				return at, 0, CorruptInputError(at - 1)
			}
			at++
		}
		at = skipNewlines(src, at)
		if at < len(src) {
			err = CorruptInputError(at)
		}
		count = j
		break scan
	}
	x := uint(digits[0])<<18 | uint(digits[1])<<12 | uint(digits[2])<<6 | uint(digits[3])
	b := [3]byte{byte(x >> 16), byte(x >> 8), byte(x)}
	if count == 4 {
		dst[2] = b[2]
		b[2] = 0
	}
	if count >= 3 {
		dst[1] = b[1]
		if enc.strict && b[2] != 0 {
			return at, 0, CorruptInputError(at - 1)
		}
		b[1] = 0
	}
	if count >= 2 {
		dst[0] = b[0]
		if enc.strict && (b[1] != 0 || b[2] != 0) {
			return at, 0, CorruptInputError(at - 2)
		}
	}
	return at, count - 1, err
}

func (enc *Encoding) Decode(dst, src []byte) (n int, err error) {
	for at := 0; at < len(src); {
		var more int
		at, more, err = enc.quantum(dst[n:], src, at)
		n += more
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

//gosim:since 1.22
func (enc *Encoding) AppendDecode(dst, src []byte) ([]byte, error) {
	n := len(src)
	for n > 0 && rune(src[n-1]) == enc.padChar {
		n--
	}
	n = decodedLen(n, NoPadding)
	dst = slices.Grow(dst, n)
	n, err := enc.Decode(dst[len(dst):][:n], src)
	return dst[:len(dst)+n], err
}

func (enc *Encoding) DecodeString(s string) ([]byte, error) {
	b := make([]byte, enc.DecodedLen(len(s)))
	n, err := enc.Decode(b, []byte(s))
	return b[:n], err
}

type decoder struct {
	err     error
	readErr error
	enc     *Encoding
	r       io.Reader
	buf     [1024]byte // read and not decoded yet
	nbuf    int
	out     []byte // decoded and not taken yet
	outbuf  [768]byte
}

func NewDecoder(enc *Encoding, r io.Reader) io.Reader {
	return &decoder{enc: enc, r: &withoutNewlines{r}}
}

func (d *decoder) Read(p []byte) (n int, err error) {
	if len(d.out) > 0 {
		n = copy(p, d.out)
		d.out = d.out[n:]
		return n, nil
	}
	if d.err != nil {
		return 0, d.err
	}
	for d.nbuf < 4 && d.readErr == nil {
		room := min(max(len(p)/3*4, 4), len(d.buf))
		room, d.readErr = d.r.Read(d.buf[d.nbuf:room])
		d.nbuf += room
	}
	if d.nbuf < 4 {
		if d.enc.padChar == NoPadding && d.nbuf > 0 {
			var made int
			made, d.err = d.enc.Decode(d.outbuf[:], d.buf[:d.nbuf])
			d.nbuf = 0
			d.out = d.outbuf[:made]
			n = copy(p, d.out)
			d.out = d.out[n:]
			if n > 0 || len(p) == 0 && len(d.out) > 0 {
				return n, nil
			}
			if d.err != nil {
				return 0, d.err
			}
		}
		d.err = d.readErr
		if d.err == io.EOF && d.nbuf > 0 {
			d.err = io.ErrUnexpectedEOF
		}
		return 0, d.err
	}
	whole := d.nbuf / 4 * 4
	if made := d.nbuf / 4 * 3; made > len(p) {
		made, d.err = d.enc.Decode(d.outbuf[:], d.buf[:whole])
		d.out = d.outbuf[:made]
		n = copy(p, d.out)
		d.out = d.out[n:]
	} else {
		n, d.err = d.enc.Decode(p, d.buf[:whole])
	}
	d.nbuf -= whole
	copy(d.buf[:d.nbuf], d.buf[whole:])
	return n, d.err
}

type withoutNewlines struct{ r io.Reader }

func (w *withoutNewlines) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	for n > 0 {
		kept := 0
		for _, c := range p[:n] {
			if c != '\r' && c != '\n' {
				p[kept] = c
				kept++
			}
		}
		if kept > 0 {
			return kept, err
		}
		n, err = w.r.Read(p)
	}
	return n, err
}
