// Package hex is Go's package encoding/hex.
package hex

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const digits = "0123456789abcdef"

// value returns what a digit is worth, 0xff if it is none.
func value(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 0xff
}

var ErrLength = errors.New("encoding/hex: odd length hex string")

type InvalidByteError byte

func (e InvalidByteError) Error() string {
	return fmt.Sprintf("encoding/hex: invalid byte: %#U", rune(e))
}

func EncodedLen(n int) int { return n * 2 }

func DecodedLen(x int) int { return x / 2 }

func Encode(dst, src []byte) int {
	for i, v := range src {
		dst[2*i] = digits[v>>4]
		dst[2*i+1] = digits[v&15]
	}
	return len(src) * 2
}

//gosim:since 1.22
func AppendEncode(dst, src []byte) []byte {
	n := len(src) * 2
	dst = slices.Grow(dst, n)
	Encode(dst[len(dst):][:n], src)
	return dst[:len(dst)+n]
}

func Decode(dst, src []byte) (int, error) {
	n := 0
	for ; 2*n+1 < len(src); n++ {
		p, q := src[2*n], src[2*n+1]
		a, b := value(p), value(q)
		if a > 15 {
			return n, InvalidByteError(p)
		}
		if b > 15 {
			return n, InvalidByteError(q)
		}
		dst[n] = a<<4 | b
	}
	if len(src)%2 == 1 {
		if c := src[2*n]; value(c) > 15 {
			return n, InvalidByteError(c)
		}
		return n, ErrLength
	}
	return n, nil
}

//gosim:since 1.22
func AppendDecode(dst, src []byte) ([]byte, error) {
	n := len(src) / 2
	dst = slices.Grow(dst, n)
	n, err := Decode(dst[len(dst):][:n], src)
	return dst[:len(dst)+n], err
}

func EncodeToString(src []byte) string {
	dst := make([]byte, len(src)*2)
	Encode(dst, src)
	return string(dst)
}

func DecodeString(s string) ([]byte, error) {
	dst := make([]byte, len(s)/2)
	n, err := Decode(dst, []byte(s))
	return dst[:n], err
}

const bufferSize = 1024

type encoder struct {
	w   io.Writer
	err error
	out [bufferSize]byte
}

func NewEncoder(w io.Writer) io.Writer { return &encoder{w: w} }

func (e *encoder) Write(p []byte) (n int, err error) {
	for len(p) > 0 && e.err == nil {
		part := min(len(p), bufferSize/2)
		var written int
		written, e.err = e.w.Write(e.out[:Encode(e.out[:], p[:part])])
		n += written / 2
		p = p[part:]
	}
	return n, e.err
}

type decoder struct {
	r   io.Reader
	err error
	in  []byte // read and not decoded yet
	arr [bufferSize]byte
}

func NewDecoder(r io.Reader) io.Reader { return &decoder{r: r} }

func (d *decoder) Read(p []byte) (n int, err error) {
	if len(d.in) < 2 && d.err == nil {
		kept := copy(d.arr[:], d.in)
		var more int
		more, d.err = d.r.Read(d.arr[kept:])
		d.in = d.arr[:kept+more]
		if d.err == io.EOF && len(d.in)%2 != 0 {
			if last := d.in[len(d.in)-1]; value(last) > 15 {
				d.err = InvalidByteError(last)
			} else {
				d.err = io.ErrUnexpectedEOF
			}
		}
	}
	if most := len(d.in) / 2; len(p) > most {
		p = p[:most]
	}
	n, err = Decode(p, d.in[:len(p)*2])
	d.in = d.in[2*n:]
	if err != nil {
		d.in, d.err = nil, err
	}
	if len(d.in) < 2 {
		return n, d.err
	}
	return n, nil
}

func Dump(data []byte) string {
	if len(data) == 0 {
		return ""
	}
	var text strings.Builder
	h := Dumper(&text)
	h.Write(data)
	h.Close()
	return text.String()
}

func printable(text, line []byte) []byte {
	for _, c := range line {
		if c < 32 || c > 126 {
			c = '.'
		}
		text = append(text, c)
	}
	return text
}

type dumper struct {
	w      io.Writer
	line   []byte
	n      uint
	closed bool
}

func Dumper(w io.Writer) io.WriteCloser { return &dumper{w: w} }

func (h *dumper) Write(data []byte) (n int, err error) {
	if h.closed {
		return 0, errors.New("encoding/hex: dumper closed")
	}
	for _, c := range data {
		used := len(h.line)
		if used == 0 {
			if _, err = fmt.Fprintf(h.w, "%08x  ", uint32(h.n)); err != nil {
				return n, err
			}
		}
		text := []byte{digits[c>>4], digits[c&15], ' '}
		switch used {
		case 7:
			text = append(text, ' ')
		case 15:
			text = append(text, " |"...)
		}
		if _, err = h.w.Write(text); err != nil {
			return n, err
		}
		n++
		h.n++
		h.line = append(h.line, c)
		if used == 15 {
			_, err = h.w.Write(append(printable(nil, h.line), "|\n"...))
			if err != nil {
				return n, err
			}
			h.line = h.line[:0]
		}
	}
	return n, nil
}

func (h *dumper) Close() (err error) {
	if h.closed {
		return nil
	}
	h.closed = true
	used := len(h.line)
	if used == 0 {
		return nil
	}
	for i := used; i < 16; i++ {
		text := "   "
		switch i {
		case 7:
			text = "    "
		case 15:
			text = "    |"
		}
		if _, err = io.WriteString(h.w, text); err != nil {
			return err
		}
	}
	_, err = h.w.Write(append(printable(nil, h.line), "|\n"...))
	return err
}
