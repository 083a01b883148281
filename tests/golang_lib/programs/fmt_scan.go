package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

type Celsius float64
type ID int8
type Word string
type Raw []byte

type Hex struct{ v uint64 }

func (h *Hex) Scan(s fmt.ScanState, verb rune) error {
	tok, err := s.Token(true, func(r rune) bool { return strings.ContainsRune("0123456789abcdef", r) })
	if err != nil {
		return err
	}
	if len(tok) == 0 {
		return errors.New("no hex")
	}
	w, ok := s.Width()
	_, err = fmt.Sscanf(string(tok), "%x", &h.v)
	fmt.Println("Scan", string(verb), w, ok, string(tok))
	return err
}

type slow struct{ s string }

func (r *slow) Read(p []byte) (int, error) {
	if r.s == "" {
		return 0, io.EOF
	}
	p[0] = r.s[0]
	r.s = r.s[1:]
	return 1, nil
}

func main() {
	var (
		i   int
		i8  int8
		u   uint
		u8  uint8
		f   float64
		f32 float32
		s   string
		t   string
		b   bool
		c   complex128
		r   rune
		by  []byte
		cel Celsius
		id  ID
		w   Word
		raw Raw
		h   Hex
	)
	show := func(n int, err error) {
		fmt.Printf("%d %v | %d %d %d %d %g %g %q %q %t %v %d %q %v %v %v %v %v\n", n, err, i, i8, u, u8, f, f32, s, t, b, c, r, by, cel, id, w, raw, h.v)
	}
	show(fmt.Sscan("", &i))
	show(fmt.Sscan("12 34", &i, &u))
	show(fmt.Sscan("1\n2\n", &i, &u))
	show(fmt.Sscan("0x1f 0b11", &i, &u))
	show(fmt.Sscan("0o17 1_000", &i, &u))
	show(fmt.Sscan("abc", &i))
	show(fmt.Sscan("200", &i8))
	show(fmt.Sscan("300", &u8))
	show(fmt.Sscan("-1", &u))
	show(fmt.Sscan("99999999999999999999", &i))
	show(fmt.Sscan("3.5 1e3", &f, &f32))
	show(fmt.Sscan("inf nan", &f, &f32))
	show(fmt.Sscan("1p3 0x1p-2", &f, &f32))
	show(fmt.Sscan("héllo wörld", &s, &t))
	show(fmt.Sscan("true F", &b, &b))
	show(fmt.Sscan("tru", &b))
	show(fmt.Sscan("x", &b))
	show(fmt.Sscan("(1+2i) 3-4i", &c, &c))
	show(fmt.Sscan("1+2", &c))
	show(fmt.Sscan("65", &r))
	show(fmt.Sscan("bytes", &by))
	show(fmt.Sscan("36.6 -5 word raw", &cel, &id, &w, &raw))
	show(fmt.Sscan("ff", &h))
	show(fmt.Sscan("zz", &h))
	show(fmt.Sscan("5", i))
	show(fmt.Sscan("5", new([]int)))
	show(fmt.Sscan("5", new(struct{})))
	show(fmt.Sscan("5 6"))

	show(fmt.Sscanln("1 2", &i, &u))
	show(fmt.Sscanln("1 2\n3", &i, &u))
	show(fmt.Sscanln("1\n2", &i, &u))
	show(fmt.Sscanln("1 2 3", &i, &u))
	show(fmt.Sscanln("", &i))
	show(fmt.Sscanln("\n", &i))
	show(fmt.Sscanln("7\r\n", &i))

	show(fmt.Sscanf("10-abc", "%d-%s", &i, &s))
	show(fmt.Sscanf("age: 42 name: bob", "age: %d name: %s", &i, &s))
	show(fmt.Sscanf("12345", "%2d%3d", &i, &u))
	show(fmt.Sscanf("abcdef", "%3s%s", &s, &t))
	show(fmt.Sscanf("ff 17 101", "%x %o %b", &i, &u, &i8))
	show(fmt.Sscanf("U+1F600", "%U", &i))
	show(fmt.Sscanf("xyz", "%c%c", &r, &i))
	show(fmt.Sscanf(`"quoted \n" x`, "%q %s", &s, &t))
	show(fmt.Sscanf("`raw`", "%q", &s))
	show(fmt.Sscanf("68656c6c6f", "%x", &s))
	show(fmt.Sscanf("50%", "%d%%", &i))
	show(fmt.Sscanf("50", "%d%%", &i))
	show(fmt.Sscanf("1 2", "%d", &i))
	show(fmt.Sscanf("1", "%d %d", &i, &u))
	show(fmt.Sscanf("1 2", "%d %d %d", &i, &u))
	show(fmt.Sscanf("1 2", "%d", &i, &u))
	show(fmt.Sscanf("5", "%z", &i))
	show(fmt.Sscanf("5", "%s", &i))
	show(fmt.Sscanf("5", "x%d", &i))
	show(fmt.Sscanf("5", "%", &i))
	show(fmt.Sscanf("1,2;3", "%d,%d;%d", &i, &u, &i8))
	show(fmt.Sscanf("a\nb", "%s\n%s", &s, &t))
	show(fmt.Sscanf("a b", "%s\n%s", &s, &t))
	show(fmt.Sscanf("a\nb", "%s %s", &s, &t))
	show(fmt.Sscanf("  7", "%d", &i))
	show(fmt.Sscanf("3.25|true", "%f|%t", &f, &b))
	show(fmt.Sscanf("2024-01-15", "%d-%d-%d", &i, &u, &i8))
	show(fmt.Sscanf("ab12", "%4v", &h))
	show(fmt.Sscanf("3.14159", "%4f", &f))

	rd := strings.NewReader("1 two 3.5\nrest of line\n")
	show(fmt.Fscan(rd, &i, &s, &f))
	show(fmt.Fscanln(rd))
	show(fmt.Fscanln(rd, &s, &t))
	show(fmt.Fscan(rd, &s))
	show(fmt.Fscan(rd, &s))
	show(fmt.Fscan(&slow{"10 20x"}, &i, &u))
	br := bufio.NewReader(strings.NewReader("5 6\n7 8"))
	for {
		var x, y int
		n, err := fmt.Fscanln(br, &x, &y)
		fmt.Println(n, err, x, y)
		if err != nil {
			break
		}
	}
	sc := bufio.NewScanner(strings.NewReader("a 1\nb 2\n\nc"))
	for sc.Scan() {
		var name string
		var num int
		n, err := fmt.Sscan(sc.Text(), &name, &num)
		fmt.Println(n, err, name, num)
	}
	n, err := fmt.Scan(&i)
	fmt.Println(n, err)
	n, err = fmt.Scanln(&i)
	fmt.Println(n, err)
	n, err = fmt.Scanf("%d", &i)
	fmt.Println(n, err)
}
