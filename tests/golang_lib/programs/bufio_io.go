package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

type chunked struct {
	parts []string
	err   error
}

func (c *chunked) Read(p []byte) (int, error) {
	if len(c.parts) == 0 {
		return 0, c.err
	}
	n := copy(p, c.parts[0])
	c.parts[0] = c.parts[0][n:]
	if c.parts[0] == "" {
		c.parts = c.parts[1:]
	}
	return n, nil
}

type countWriter struct{ n, calls int }

func (c *countWriter) Write(p []byte) (int, error) {
	c.n += len(p)
	c.calls++
	return len(p), nil
}

func main() {
	sc := bufio.NewScanner(&chunked{parts: []string{"one\ntw", "o\r\n", "\nlast"}, err: io.EOF})
	for sc.Scan() {
		fmt.Printf("%q %q\n", sc.Text(), sc.Bytes())
	}
	fmt.Println(sc.Err())
	sc = bufio.NewScanner(strings.NewReader(" the quick\tbrown\n fox é "))
	sc.Split(bufio.ScanWords)
	for sc.Scan() {
		fmt.Print(sc.Text(), "|")
	}
	fmt.Println()
	sc = bufio.NewScanner(strings.NewReader("aé\xff日"))
	sc.Split(bufio.ScanRunes)
	for sc.Scan() {
		fmt.Printf("%q ", sc.Text())
	}
	fmt.Println()
	sc = bufio.NewScanner(strings.NewReader(strings.Repeat("x", 100)))
	sc.Buffer(make([]byte, 10), 20)
	fmt.Println(sc.Scan(), sc.Err())
	sc = bufio.NewScanner(strings.NewReader("1,2,3"))
	sc.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		if i := bytes.IndexByte(data, ','); i >= 0 {
			return i + 1, data[:i], nil
		}
		if atEOF && len(data) > 0 {
			return len(data), data, bufio.ErrFinalToken
		}
		return 0, nil, nil
	})
	for sc.Scan() {
		fmt.Print(sc.Text(), " ")
	}
	fmt.Println(sc.Err())
	sc = bufio.NewScanner(&chunked{parts: []string{"a\nb"}, err: errors.New("broken")})
	for sc.Scan() {
		fmt.Print(sc.Text(), " ")
	}
	fmt.Println(sc.Err())

	br := bufio.NewReaderSize(strings.NewReader("hello world\nsecond line\nthird"), 16)
	line, err := br.ReadString('\n')
	fmt.Printf("%q %v %d\n", line, err, br.Buffered())
	pk, err := br.Peek(3)
	fmt.Printf("%q %v\n", pk, err)
	r, n, err := br.ReadRune()
	fmt.Println(r, n, err, br.UnreadRune(), br.UnreadRune())
	bs, err := br.ReadBytes(' ')
	fmt.Printf("%q %v\n", bs, err)
	l, pre, err := br.ReadLine()
	fmt.Printf("%q %t %v\n", l, pre, err)
	d, err := br.Discard(2)
	fmt.Println(d, err)
	rest, err := io.ReadAll(br)
	fmt.Printf("%q %v\n", rest, err)
	_, err = br.ReadByte()
	fmt.Println(err, err == io.EOF)

	cw := &countWriter{}
	bw := bufio.NewWriterSize(cw, 16)
	fmt.Fprintf(bw, "%s", strings.Repeat("ab", 5))
	fmt.Println(bw.Buffered(), bw.Available(), cw.calls)
	bw.WriteString(strings.Repeat("z", 40))
	bw.WriteByte('q')
	bw.WriteRune('é')
	fmt.Println(bw.Buffered(), cw.n, cw.calls)
	fmt.Println(bw.Flush(), cw.n)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	fmt.Fprintln(out, "buffered", 1)

	var buf bytes.Buffer
	w := io.MultiWriter(&buf, cw)
	io.WriteString(w, "multi ")
	fmt.Fprint(w, 1, 2)
	fmt.Fprintln(out, buf.String(), buf.Len())
	tee := io.TeeReader(strings.NewReader("tee me"), &buf)
	io.Copy(io.Discard, tee)
	fmt.Fprintln(out, buf.String())
	lr := io.LimitReader(strings.NewReader("limited text"), 7)
	x, err := io.ReadAll(lr)
	fmt.Fprintln(out, string(x), err)
	sr := io.NewSectionReader(strings.NewReader("0123456789"), 2, 5)
	x, _ = io.ReadAll(sr)
	fmt.Fprintln(out, string(x), sr.Size())
	sr.Seek(-2, io.SeekEnd)
	x, _ = io.ReadAll(sr)
	fmt.Fprintln(out, string(x))
	mr := io.MultiReader(strings.NewReader("ab"), strings.NewReader(""), strings.NewReader("cd"))
	x, _ = io.ReadAll(mr)
	fmt.Fprintln(out, string(x))
	p4 := make([]byte, 4)
	_, err = io.ReadFull(strings.NewReader("abc"), p4)
	fmt.Fprintln(out, err, err == io.ErrUnexpectedEOF)
	_, err = io.ReadAtLeast(strings.NewReader("abc"), p4[:1], 2)
	fmt.Fprintln(out, err)
	nn, err := io.CopyN(&buf, strings.NewReader("xyz"), 5)
	fmt.Fprintln(out, nn, err)

	pr, pw := io.Pipe()
	done := make(chan string)
	go func() {
		all, err := io.ReadAll(pr)
		done <- fmt.Sprintf("%q %v", all, err)
	}()
	fmt.Fprintf(pw, "through %d ", 1)
	pw.Write([]byte("the pipe"))
	pw.CloseWithError(errors.New("pipe closed"))
	fmt.Fprintln(out, <-done)
	_, err = pw.Write([]byte("x"))
	fmt.Fprintln(out, err)

	var b bytes.Buffer
	b.WriteString("line1\nline2\n")
	s, err := b.ReadString('\n')
	fmt.Fprintf(out, "%q %v %d %d\n", s, err, b.Len(), b.Cap())
	c, _ := b.ReadByte()
	b.UnreadByte()
	fmt.Fprintf(out, "%c %q %q\n", c, b.Next(3), b.String())
	b.Truncate(1)
	b.Grow(100)
	fmt.Fprintln(out, b.Len(), b.Cap() >= 100, b.String())
	b.Reset()
	_, err = b.ReadByte()
	fmt.Fprintln(out, err)
	fmt.Fprintln(out, bytes.NewBufferString("abc"), bytes.Equal([]byte("a"), []byte("a")), bytes.Compare([]byte("a"), []byte("b")))
	fmt.Fprintf(out, "%q %q %q\n", bytes.Split([]byte("a,b,c"), []byte(",")), bytes.Fields([]byte(" a b  c ")), bytes.TrimSpace([]byte("  x y ")))
	fmt.Fprintf(out, "%s %s %s %d\n", bytes.ToUpper([]byte("abc")), bytes.Repeat([]byte("-"), 5), bytes.ReplaceAll([]byte("aXbX"), []byte("X"), []byte("..")), bytes.Index([]byte("chicken"), []byte("ken")))
	parts := bytes.Split([]byte("a,b"), []byte(","))
	fmt.Fprintln(out, cap(parts[0]), len(parts))
	func() {
		defer func() { fmt.Fprintln(out, recover()) }()
		b.Truncate(5)
	}()
	func() {
		defer func() { fmt.Fprintln(out, recover()) }()
		b.Grow(-1)
	}()
}
