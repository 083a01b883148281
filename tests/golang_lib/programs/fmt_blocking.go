package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
)

// user-defined blocking writers, readers and formatters
type lockedWriter struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

type chanReader struct {
	ch  chan []byte
	buf []byte
}

func (c *chanReader) Read(p []byte) (int, error) {
	for len(c.buf) == 0 {
		b, ok := <-c.ch
		if !ok {
			return 0, io.EOF
		}
		c.buf = b
	}
	n := copy(p, c.buf)
	c.buf = c.buf[n:]
	return n, nil
}

type slowFmt struct{ ch chan string }

func (s slowFmt) Format(f fmt.State, verb rune) { fmt.Fprintf(f, "<%s %c>", <-s.ch, verb) }

type slowErr struct{ ch chan string }

func (s slowErr) Error() string { return <-s.ch }

type slowGo struct{ ch chan string }

func (s slowGo) GoString() string { return <-s.ch }

type pan struct{ ch chan string }

func (p pan) String() string { panic("blocked " + <-p.ch) }

func feed(words ...string) chan string {
	ch := make(chan string)
	go func() {
		for _, w := range words {
			ch <- w
		}
	}()
	return ch
}

func main() {
	lw := &lockedWriter{}
	fmt.Fprintf(lw, "%d %s\n", 1, "x")
	fmt.Fprintln(lw, "two")
	w := bufio.NewWriter(lw)
	fmt.Fprint(w, "buffered")
	w.Flush()
	io.WriteString(lw, "!")
	io.Copy(lw, strings.NewReader(" copied\n"))
	fmt.Print(lw.b.String())
	mw := io.MultiWriter(lw, os.Stdout)
	fmt.Fprintln(mw, "both")

	cr := &chanReader{ch: make(chan []byte)}
	go func() {
		for _, s := range []string{"line one\nli", "ne two\n", "12 34\n", "tail"} {
			cr.ch <- []byte(s)
		}
		close(cr.ch)
	}()
	br := bufio.NewReader(cr)
	s, err := br.ReadString('\n')
	fmt.Printf("%q %v\n", s, err)
	s, err = br.ReadString('\n')
	fmt.Printf("%q %v\n", s, err)
	var a, b int
	n, err := fmt.Fscanln(br, &a, &b)
	fmt.Println(n, err, a, b)
	rest, err := io.ReadAll(br)
	fmt.Printf("%q %v\n", rest, err)

	fmt.Printf("%v|%+5d|%v\n", slowFmt{feed("a")}, slowFmt{feed("b")}, []slowFmt{{feed("c")}})
	fmt.Println(slowErr{feed("e1")}, []error{slowErr{feed("e2")}}, struct{ E error }{slowErr{feed("e3")}})
	fmt.Printf("%#v %q %x\n", slowGo{feed("go")}, slowErr{feed("quoted")}, slowErr{feed("hex")})
	fmt.Println(pan{feed("once")}, fmt.Sprint(pan{feed("twice")}), fmt.Errorf("wrap: %w", slowErr{feed("in")}))
	out := fmt.Appendf(nil, "%s", slowErr{feed("app")})
	fmt.Println(string(out), strings.Map(func(r rune) rune { return r + rune(len(<-feed("x"))) }, "abc"))
	pr, pw := io.Pipe()
	go func() {
		defer pw.Close()
		for i := range 3 {
			fmt.Fprintf(pw, "msg %d\n", i)
		}
	}()
	sc := bufio.NewScanner(pr)
	for sc.Scan() {
		fmt.Println("got", sc.Text())
	}
}
