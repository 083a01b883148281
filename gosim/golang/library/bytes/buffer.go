package bytes

import (
	"errors"
	"io"
	"unicode/utf8"
)

const MinRead = 512

// A new buffer has room for so much.
const small = 64

var ErrTooLarge = errors.New("bytes.Buffer: too large")
var errNegativeRead = errors.New("bytes.Buffer: reader returned negative count from Read")
var errUnreadByte = errors.New("bytes.Buffer: UnreadByte: previous operation was not a successful read")

// Buffer holds buf[off:]; lastRead says what was read last: nothing, a rune of so many bytes, or bytes.
type Buffer struct {
	buf      []byte
	off      int
	lastRead int8
}

const (
	readBytes   = -1
	readNothing = 0
)

func NewBuffer(buf []byte) *Buffer { return &Buffer{buf: buf} }

func NewBufferString(s string) *Buffer { return &Buffer{buf: []byte(s)} }

func (b *Buffer) Bytes() []byte           { return b.buf[b.off:] }
func (b *Buffer) AvailableBuffer() []byte { return b.buf[len(b.buf):] }
func (b *Buffer) Len() int                { return len(b.buf) - b.off }
func (b *Buffer) Cap() int                { return cap(b.buf) }
func (b *Buffer) Available() int          { return cap(b.buf) - len(b.buf) }

func (b *Buffer) String() string {
	if b == nil {
		return "<nil>"
	}
	return string(b.buf[b.off:])
}

//gosim:since 1.26
func (b *Buffer) Peek(n int) ([]byte, error) {
	if b.Len() < n {
		return b.buf[b.off:], io.EOF
	}
	return b.buf[b.off : b.off+n], nil
}

func (b *Buffer) Truncate(n int) {
	if n == 0 {
		b.Reset()
		return
	}
	b.lastRead = readNothing
	if n < 0 || n > b.Len() {
		panic("bytes.Buffer: truncation out of range")
	}
	b.buf = b.buf[:b.off+n]
}

func (b *Buffer) Reset() {
	b.buf = b.buf[:0]
	b.off = 0
	b.lastRead = readNothing
}

// grow adds n bytes and returns where they begin.
func (b *Buffer) grow(n int) int {
	end := len(b.buf)
	if n <= cap(b.buf)-end {
		if b.off < end || b.off == 0 {
			b.buf = b.buf[:end+n]
			return end
		}
	}
	unread := b.Len()
	if unread == 0 && b.off != 0 {
		b.Reset()
		if n <= cap(b.buf) {
			b.buf = b.buf[:n]
			return 0
		}
	}
	if b.buf == nil && n <= small {
		b.buf = make([]byte, n, small)
		return 0
	}
	room := cap(b.buf)
	if n <= room/2-unread {
		copy(b.buf, b.buf[b.off:])
	} else if room > 1<<63-1-room-n {
		panic(ErrTooLarge)
	} else {
		b.buf = enlarged(b.buf[b.off:], b.off+n)
	}
	b.off = 0
	b.buf = b.buf[:unread+n]
	return unread
}

// enlarged has room for n bytes more, at least twice what it was.
func enlarged(b []byte, n int) []byte {
	defer func() {
		if recover() != nil {
			panic(ErrTooLarge)
		}
	}()
	// As append does it, the new array fills its size class.
	bigger := append([]byte(nil), make([]byte, max(len(b)+n, 2*cap(b)))...)
	return bigger[:copy(bigger, b)]
}

func (b *Buffer) Grow(n int) {
	if n < 0 {
		panic("bytes.Buffer.Grow: negative count")
	}
	end := b.grow(n)
	b.buf = b.buf[:end]
}

func (b *Buffer) Write(p []byte) (n int, err error) {
	b.lastRead = readNothing
	at := b.room(len(p))
	return copy(b.buf[at:], p), nil
}

func (b *Buffer) WriteString(s string) (n int, err error) {
	b.lastRead = readNothing
	at := b.room(len(s))
	return copy(b.buf[at:], s), nil
}

// room is grow for writers, who do not look at what was read already as long as there is room.
func (b *Buffer) room(n int) int {
	end := len(b.buf)
	if n <= cap(b.buf)-end {
		b.buf = b.buf[:end+n]
		return end
	}
	return b.grow(n)
}

func (b *Buffer) WriteByte(c byte) error {
	b.lastRead = readNothing
	at := b.room(1)
	b.buf[at] = c
	return nil
}

func (b *Buffer) WriteRune(r rune) (n int, err error) {
	if uint32(r) < utf8.RuneSelf {
		b.WriteByte(byte(r))
		return 1, nil
	}
	b.lastRead = readNothing
	at := b.room(utf8.UTFMax)
	b.buf = utf8.AppendRune(b.buf[:at], r)
	return len(b.buf) - at, nil
}

func (b *Buffer) ReadFrom(r io.Reader) (n int64, err error) {
	b.lastRead = readNothing
	for {
		end := b.grow(MinRead)
		b.buf = b.buf[:end]
		m, err := r.Read(b.buf[end:cap(b.buf)])
		if m < 0 {
			panic(errNegativeRead)
		}
		b.buf = b.buf[:end+m]
		n += int64(m)
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

func (b *Buffer) WriteTo(w io.Writer) (n int64, err error) {
	b.lastRead = readNothing
	if there := b.Len(); there > 0 {
		m, err := w.Write(b.buf[b.off:])
		if m > there {
			panic("bytes.Buffer.WriteTo: invalid Write count")
		}
		b.off += m
		if err == nil && m != there {
			err = io.ErrShortWrite
		}
		if err != nil {
			return int64(m), err
		}
		n = int64(m)
	}
	b.Reset()
	return n, nil
}

// ended empties the buffer when all was read.
func (b *Buffer) ended() bool {
	if b.off < len(b.buf) {
		return false
	}
	b.Reset()
	return true
}

func (b *Buffer) Read(p []byte) (n int, err error) {
	b.lastRead = readNothing
	if b.ended() {
		if len(p) == 0 {
			return 0, nil
		}
		return 0, io.EOF
	}
	return len(b.took(copy(p, b.buf[b.off:]))), nil
}

// took passes n bytes.
func (b *Buffer) took(n int) []byte {
	data := b.buf[b.off : b.off+n]
	b.off += n
	if n > 0 {
		b.lastRead = readBytes
	}
	return data
}

func (b *Buffer) Next(n int) []byte {
	b.lastRead = readNothing
	return b.took(min(n, b.Len()))
}

func (b *Buffer) ReadByte() (byte, error) {
	if b.ended() {
		return 0, io.EOF
	}
	return b.took(1)[0], nil
}

func (b *Buffer) ReadRune() (r rune, size int, err error) {
	if b.ended() {
		return 0, 0, io.EOF
	}
	r, size = utf8.DecodeRune(b.buf[b.off:])
	b.off += size
	b.lastRead = int8(size)
	return r, size, nil
}

func (b *Buffer) UnreadRune() error {
	if b.lastRead <= readNothing {
		return errors.New("bytes.Buffer: UnreadRune: previous operation was not a successful ReadRune")
	}
	if b.off >= int(b.lastRead) {
		b.off -= int(b.lastRead)
	}
	b.lastRead = readNothing
	return nil
}

func (b *Buffer) UnreadByte() error {
	if b.lastRead == readNothing {
		return errUnreadByte
	}
	b.lastRead = readNothing
	if b.off > 0 {
		b.off--
	}
	return nil
}

// line passes what ends with delim.
func (b *Buffer) line(delim byte) (line []byte, err error) {
	end := b.off + IndexByte(b.buf[b.off:], delim) + 1
	if end == b.off {
		end = len(b.buf)
		err = io.EOF
	}
	line = b.buf[b.off:end]
	b.off = end
	b.lastRead = readBytes
	return line, err
}

func (b *Buffer) ReadBytes(delim byte) (line []byte, err error) {
	shared, err := b.line(delim)
	return append(line, shared...), err
}

func (b *Buffer) ReadString(delim byte) (line string, err error) {
	shared, err := b.line(delim)
	return string(shared), err
}
