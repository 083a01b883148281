package http

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// readHead reads a first line and a header.
func readHead(b *bufio.Reader) (first string, header Header, err error) {
	first, err = readLine(b)
	if err != nil {
		return "", nil, err
	}
	header = make(Header)
	for {
		line, err := readLine(b)
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return "", nil, err
		}
		if line == "" {
			return first, header, nil
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok || key == "" || strings.TrimSpace(key) != key {
			return "", nil, badRequest("malformed MIME header line: " + line)
		}
		key = CanonicalHeaderKey(key)
		header[key] = append(header[key], strings.TrimSpace(value))
	}
}

func readLine(b *bufio.Reader) (string, error) {
	line, err := b.ReadString('\n')
	if err != nil {
		if err == io.EOF && line != "" {
			err = io.ErrUnexpectedEOF
		}
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// closes tells whether a connection ends with the message.
func closes(minor int, header Header) bool {
	if hasToken(header["Connection"], "close") {
		return true
	}
	return minor == 0 && !hasToken(header["Connection"], "keep-alive")
}

// bodyLength returns how long a body is: -1 for one in chunks, or that of a response without a word.
func bodyLength(header Header, response bool) (length int64, chunked bool, err error) {
	if te := header["Transfer-Encoding"]; len(te) > 0 {
		delete(header, "Transfer-Encoding")
		if !strings.EqualFold(te[0], "chunked") {
			return 0, false, fmt.Errorf("unsupported transfer encoding: %q", te[0])
		}
		delete(header, "Content-Length")
		return -1, true, nil
	}
	if cl := header.Get("Content-Length"); cl != "" {
		n, err := strconv.ParseUint(strings.TrimSpace(cl), 10, 63)
		if err != nil {
			return 0, false, fmt.Errorf("bad Content-Length %q", cl)
		}
		return int64(n), false, nil
	}
	if response {
		return -1, false, nil
	}
	return 0, false, nil
}

// A body is what follows a head.
type body struct {
	src      *bufio.Reader
	chunked  bool
	left     int64 // of the body, or of this chunk; -1 for until the end of the connection
	begun    bool
	closing  bool // the connection ends after it
	sawEOF   bool
	closed   bool
	early    bool // closed before its end was seen
	onHitEOF func()
	drains   bool // closing it reads the rest, as servers do
}

func newBody(b *bufio.Reader, length int64, chunked bool) *body {
	if length == 0 {
		return nil
	}
	return &body{src: b, chunked: chunked, left: length}
}

func (b *body) Read(p []byte) (n int, err error) {
	if b.closed {
		return 0, ErrBodyReadAfterClose
	}
	return b.read(p)
}

func (b *body) read(p []byte) (n int, err error) {
	if b.sawEOF {
		return 0, io.EOF
	}
	if b.chunked {
		return b.readChunked(p)
	}
	if b.left > 0 && int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err = b.src.Read(p)
	if b.left > 0 {
		b.left -= int64(n)
		if b.left == 0 && err == nil {
			err = io.EOF // told at once, so that a connection can be used again
		} else if err == io.EOF && b.left > 0 {
			return n, io.ErrUnexpectedEOF
		}
	}
	if err == io.EOF {
		b.end()
	}
	return n, err
}

func (b *body) readChunked(p []byte) (n int, err error) {
	if !b.begun || b.left == 0 {
		if b.begun {
			if _, err := readLine(b.src); err != nil {
				return 0, unexpected(err)
			}
		}
		b.begun = true
		line, err := readLine(b.src)
		if err != nil {
			return 0, unexpected(err)
		}
		size, _, _ := strings.Cut(line, ";")
		length, err := strconv.ParseUint(strings.TrimSpace(size), 16, 62)
		if err != nil {
			return 0, errors.New("invalid byte in chunk length")
		}
		b.left = int64(length)
		if length == 0 {
			for line != "" { // the trailer
				if line, err = readLine(b.src); err != nil {
					return 0, unexpected(err)
				}
			}
			b.end()
			return 0, io.EOF
		}
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err = b.src.Read(p)
	b.left -= int64(n)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	// If the end is here already, it is told with the last bytes.
	if err == nil && b.left == 0 && b.src.Buffered() >= 7 {
		if next, _ := b.src.Peek(7); string(next) == "\r\n0\r\n\r\n" {
			b.src.Discard(7)
			b.end()
			return n, io.EOF
		}
	}
	return n, err
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (b *body) end() {
	b.sawEOF = true
	if b.onHitEOF != nil {
		b.onHitEOF()
	}
}

// maxPostHandlerReadBytes is what a server reads of a body that its handler did not want.
const maxPostHandlerReadBytes = 256 << 10

func (b *body) Close() error {
	if b.closed {
		return nil
	}
	var err error
	if !b.sawEOF && b.drains && !b.closing {
		if !b.chunked && b.left > maxPostHandlerReadBytes {
			b.early = true
		} else {
			n, failed := io.CopyN(io.Discard, readerFunc(b.read), maxPostHandlerReadBytes)
			if failed == io.EOF {
				failed = nil
			}
			if n == maxPostHandlerReadBytes {
				b.early = true
			}
			err = failed
		}
	} else if !b.sawEOF {
		b.early = true
	}
	b.closed = true
	return err
}

// remains tells whether there is something to read.
func (b *body) remains() bool { return b != nil && !b.sawEOF }

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// A chunkedWriter writes chunks.
type chunkedWriter struct {
	w io.Writer
}

func (c *chunkedWriter) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if _, err := io.WriteString(c.w, strconv.FormatInt(int64(len(p)), 16)+"\r\n"); err != nil {
		return 0, err
	}
	n, err := c.w.Write(p)
	if err != nil {
		return n, err
	}
	_, err = io.WriteString(c.w, "\r\n")
	if b, ok := c.w.(*bufio.Writer); ok && err == nil {
		err = b.Flush()
	}
	return n, err
}

func (c *chunkedWriter) Close() error {
	_, err := io.WriteString(c.w, "0\r\n\r\n")
	return err
}
