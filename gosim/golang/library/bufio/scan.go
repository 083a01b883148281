package bufio

import (
	"bytes"
	"errors"
	"io"
	"unicode"
	"unicode/utf8"
)

const (
	MaxScanTokenSize = 64 * 1024
	startBufSize     = 4096
)

var (
	ErrTooLong         = errors.New("bufio.Scanner: token too long")
	ErrNegativeAdvance = errors.New("bufio.Scanner: SplitFunc returns negative advance count")
	ErrAdvanceTooFar   = errors.New("bufio.Scanner: SplitFunc returns advance count beyond input")
	ErrBadReadCount    = errors.New("bufio.Scanner: Read returned impossible count")

	ErrFinalToken = errors.New("final token")
)

type SplitFunc func(data []byte, atEOF bool) (advance int, token []byte, err error)

// Scanner cuts what it reads into tokens; buf[start:end] was read and is not in a token yet.
type Scanner struct {
	r            io.Reader
	split        SplitFunc
	maxTokenSize int
	token        []byte
	buf          []byte
	start        int
	end          int
	err          error
	empties      int
	scanCalled   bool
	done         bool
}

func NewScanner(r io.Reader) *Scanner {
	return &Scanner{r: r, split: ScanLines, maxTokenSize: MaxScanTokenSize}
}

func (s *Scanner) Err() error {
	if s.err == io.EOF {
		return nil
	}
	return s.err
}

func (s *Scanner) Bytes() []byte { return s.token }
func (s *Scanner) Text() string  { return string(s.token) }

func (s *Scanner) Buffer(buf []byte, max int) {
	if s.scanCalled {
		panic("Buffer called after Scan")
	}
	s.buf = buf[0:cap(buf)]
	s.maxTokenSize = max
}

func (s *Scanner) Split(split SplitFunc) {
	if s.scanCalled {
		panic("Split called after Scan")
	}
	s.split = split
}

func (s *Scanner) Scan() bool {
	if s.done {
		return false
	}
	s.scanCalled = true
	for {
		if s.end > s.start || s.err != nil {
			found, over := s.next()
			if over {
				return found
			}
			if found {
				return true
			}
		}
		if s.err != nil {
			s.start, s.end = 0, 0
			return false
		}
		if !s.makeRoom() {
			return false
		}
		s.read()
	}
}

// next asks for a token in what was read; over: there will be no other.
func (s *Scanner) next() (found, over bool) {
	advance, token, err := s.split(s.buf[s.start:s.end], s.err != nil)
	if err == ErrFinalToken {
		s.token = token
		s.done = true
		return token != nil, true
	}
	if err != nil {
		s.fail(err)
		return false, true
	}
	if advance < 0 {
		s.fail(ErrNegativeAdvance)
		return false, true
	}
	if advance > s.end-s.start {
		s.fail(ErrAdvanceTooFar)
		return false, true
	}
	s.start += advance
	s.token = token
	if token == nil {
		return false, false
	}
	if s.err == nil || advance > 0 {
		s.empties = 0
	} else if s.empties++; s.empties > maxEmptyReads {
		panic("bufio.Scan: too many empty tokens without progressing")
	}
	return true, false
}

// makeRoom leaves space behind what was read.
func (s *Scanner) makeRoom() bool {
	if s.start > 0 && (s.end == len(s.buf) || s.start > len(s.buf)/2) {
		s.end = copy(s.buf, s.buf[s.start:s.end])
		s.start = 0
	}
	if s.end < len(s.buf) {
		return true
	}
	if len(s.buf) >= s.maxTokenSize || len(s.buf) > (1<<63-1)/2 {
		s.fail(ErrTooLong)
		return false
	}
	size := 2 * len(s.buf)
	if size == 0 {
		size = startBufSize
	}
	grown := make([]byte, min(size, s.maxTokenSize))
	s.end = copy(grown, s.buf[s.start:s.end])
	s.start = 0
	s.buf = grown
	return true
}

func (s *Scanner) read() {
	for empty := 0; ; {
		n, err := s.r.Read(s.buf[s.end:])
		if n < 0 || n > len(s.buf)-s.end {
			s.fail(ErrBadReadCount)
			return
		}
		s.end += n
		if err != nil {
			s.fail(err)
			return
		}
		if n > 0 {
			s.empties = 0
			return
		}
		if empty++; empty > maxEmptyReads {
			s.fail(io.ErrNoProgress)
			return
		}
	}
}

// fail keeps the first error.
func (s *Scanner) fail(err error) {
	if s.err == nil || s.err == io.EOF {
		s.err = err
	}
}

// ---- what can be cut ----

func ScanBytes(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if len(data) == 0 {
		return 0, nil, nil
	}
	return 1, data[0:1], nil
}

func ScanRunes(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if len(data) == 0 {
		return 0, nil, nil
	}
	r, size := utf8.DecodeRune(data)
	if r == utf8.RuneError && size == 1 {
		if !atEOF && !utf8.FullRune(data) {
			return 0, nil, nil
		}
		return 1, []byte(string(utf8.RuneError)), nil
	}
	return size, data[0:size], nil
}

func ScanLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if atEOF && len(data) == 0 {
		return 0, nil, nil
	}
	end := bytes.IndexByte(data, '\n')
	advance = end + 1
	if end < 0 {
		if !atEOF {
			return 0, nil, nil
		}
		end = len(data)
		advance = end
	}
	if end > 0 && data[end-1] == '\r' {
		end--
	}
	return advance, data[0:end], nil
}

func ScanWords(data []byte, atEOF bool) (advance int, token []byte, err error) {
	start := bytes.IndexFunc(data, notSpace)
	if start < 0 {
		return len(data), nil, nil
	}
	end := bytes.IndexFunc(data[start:], unicode.IsSpace)
	if end >= 0 {
		_, size := utf8.DecodeRune(data[start+end:])
		return start + end + size, data[start : start+end], nil
	}
	if atEOF {
		return len(data), data[start:], nil
	}
	return start, nil, nil
}

func notSpace(r rune) bool { return !unicode.IsSpace(r) }
