package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
)

type Locked struct {
	mu sync.RWMutex
	n  int
}

func (l *Locked) String() string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return fmt.Sprintf("locked %d", l.n)
}

type Waiter struct{ ch chan int }

func (w Waiter) String() string { return fmt.Sprint("got ", <-w.ch) }

type sentinel struct{}

func (sentinel) Error() string { return "sentinel" }

type upper struct{ w io.Writer }

func (u upper) Write(p []byte) (int, error) { return u.w.Write(bytes.ToUpper(p)) }

type failing struct{}

func (failing) Write(p []byte) (int, error) { return 1, errors.New("disk full") }

func main() {
	// argument indexes, stars
	fmt.Printf("%[2]d %[1]d\n", 1, 2)
	fmt.Printf("%[3]*.[2]*[1]f|\n", 12.0, 2, 6)
	fmt.Printf("%*d|%-*d|%*d|\n", 5, 1, 5, 2, -5, 3)
	fmt.Printf("%.*f %.*f\n", 2, 3.14159, -1, 2.5)
	fmt.Printf("%[1]d %d %[1]x\n", 10, 20)
	fmt.Printf("%[5]d\n", 1)
	fmt.Printf("%[x]d %[1]\n", 1)
	fmt.Printf("%[]d %[2]*[1]d|\n", 1, 4)
	fmt.Printf("%d %d\n", 1)
	fmt.Printf("%d\n", 1, 2, "x", nil)
	fmt.Printf("%!\n")
	fmt.Printf("%")
	fmt.Printf("\n%d%%\n", 5)
	fmt.Printf("%*d\n", "a", 1)
	fmt.Printf("%.*d\n", "a", 1)
	fmt.Printf("%1000001d|\n", 1)
	fmt.Printf("%.[2]*f|\n", 1.5, 3)
	fmt.Printf("%[1]*[2]d|%[2]*[1]d|\n", 3, 4)
	fmt.Printf("%-+8d|%+-8d|% 08d|%+08.3f|%x|%X|% X|%#X\n", 5, 6, 7, 1.5, "hi", []byte{1, 171}, "abc", "é")
	fmt.Printf("%s %v %d\n", []byte("x"), []byte("x"), []byte("x"))
	fmt.Printf("%6.3q|%-8q|%08q|%+q|%#q|%# q\n", "hello", "a", "b", "é", "raw", "tick`")
	fmt.Printf("%q %q\n", []string{"a", "b c"}, 'x')
	fmt.Printf("%c%c%c|%5c|%-5c|%05c\n", 72, 0x4e16, -1, 'a', 'b', 'c')
	fmt.Printf("%U %#U %#.6U %10U|\n", 0x1F600, 'é', 'x', 'y')
	fmt.Printf("%t %5t %-7t|%q\n", true, false, true, true)
	fmt.Printf("%08b %o %#b %#o %O\n", 5, 64, 5, 64, 64)
	fmt.Printf("%e %E %.0e %#.0e %10.2e|\n", 123456.789, 0.000123, 5.5, 5.5, 1e10)
	fmt.Printf("%6.2f%%|%+.2e|%g %g %g|%G\n", 99.5, 12345.678, 1e6, 1e20, 1e21, 1e-10)
	fmt.Printf("%x %X %.3x %a\n", 1.5, -2.5, 3.14159, 1.0)
	fmt.Printf("%v %v %.2f %+v %8.1f|\n", 1+2i, complex64(3-4i), 1+2i, 1i, 2+3i)
	fmt.Printf("%3d|%-3d|%03d\n", []int{1, 22}, []int{1, 22}, [2]int{3, 4})
	fmt.Printf("%5s|%-5s|%.1s\n", []string{"a", "bb"}, []string{"c"}, []string{"dd", "ee"})
	fmt.Printf("%v %v\n", [3]byte{1, 2, 3}, &[3]byte{1, 2, 3})
	fmt.Printf("%s|%x|%X|%q\n", [3]byte{65, 66, 67}, [3]byte{65, 66, 67}, []byte("xyz"), [2]byte{65, 66})

	// spacing
	fmt.Print("a", "b", 1, 2, true, "c", 1.5, nil, nil, "d", 'x', "\n")
	fmt.Print(1, 2, "x", 3, "\n")
	fmt.Println("a", 1, nil, []int(nil), error(nil))
	fmt.Println()
	fmt.Print()
	s := fmt.Sprint("x", 1, 2, []string{"q"}, "y") + fmt.Sprintln("end", 3)
	fmt.Printf("%q\n", s)
	b := fmt.Append([]byte("pre:"), 1, 2, "z")
	b = fmt.Appendf(b, "|%03d", 7)
	b = fmt.Appendln(b, "!", 8)
	fmt.Printf("%q %d\n", b, len(b))

	// writers
	n, err := fmt.Fprintln(os.Stdout, "to stdout", 1)
	fmt.Println(n, err)
	n, err = fmt.Fprintf(upper{os.Stdout}, "shout %s\n", "é")
	fmt.Println(n, err)
	n, err = fmt.Fprint(failing{}, "abc")
	fmt.Println(n, err)
	var sb strings.Builder
	fmt.Fprintf(&sb, "%d-%s", 5, "x")
	var buf bytes.Buffer
	fmt.Fprint(&buf, sb.String(), 1, 2)
	fmt.Fprintln(&buf, " more")
	fmt.Print(buf.String())
	fmt.Fprintln(io.Discard, "gone")

	// methods that block
	l := &Locked{n: 4}
	fmt.Println(l)
	l.mu.Lock()
	go func() { l.n = 5; l.mu.Unlock() }()
	fmt.Printf("%v %s\n", l, []*Locked{l}[0])
	w := Waiter{make(chan int)}
	go func() { w.ch <- 1; w.ch <- 2; w.ch <- 3 }()
	fmt.Println(w, []Waiter{w}, struct{ W Waiter }{w})

	// errors
	e1 := errors.New("one")
	e2 := fmt.Errorf("two: %w", e1)
	e3 := fmt.Errorf("three: %w and %w, %d", e2, sentinel{}, 3)
	fmt.Println(e3, errors.Is(e3, e1), errors.Is(e3, sentinel{}), errors.Unwrap(e2) == e1, errors.Unwrap(e3))
	fmt.Printf("%v|%s|%q\n", e2, e2, e2)
	fmt.Println(fmt.Errorf("%w", nil), fmt.Errorf("%w", "str"), fmt.Errorf("no verbs"), fmt.Errorf("%d%%", 5))
	fmt.Printf("%w\n", e1)
	e4 := fmt.Errorf("%[2]w %[1]w", e1, e2)
	if u, ok := e4.(interface{ Unwrap() []error }); ok {
		fmt.Println(u.Unwrap(), len(u.Unwrap()))
	}
	fmt.Println(errors.Join(e1, nil, e2))
	var target sentinel
	fmt.Println(errors.As(e3, &target))
	e5 := fmt.Errorf("%w %v", e1, e2)
	fmt.Println(errors.Unwrap(e5) == e1, errors.Is(e5, e2))
	fmt.Println(fmt.Errorf("%w %w", e1, "x"))

	// panics
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		var m map[string]int
		m["a"] = 1
	}()
	func() {
		defer func() { r := recover(); fmt.Printf("%v %T\n", r, r); _, ok := r.(error); fmt.Println(ok) }()
		a := []int{1}
		i := 5
		fmt.Println(a[i])
	}()
	func() {
		defer func() { fmt.Printf("%v\n", recover()) }()
		var p *Locked
		p.n = 1
	}()
	func() {
		defer func() { fmt.Printf("%v %[1]T\n", recover()) }()
		panic(fmt.Sprintf("%d", 5))
	}()
	func() {
		defer func() { fmt.Printf("%v %[1]T\n", recover()) }()
		var x any = "s"
		_ = x.(int)
	}()
	func() {
		defer func() { fmt.Printf("%v %[1]T\n", recover()) }()
		z := 0
		fmt.Println(1 / z)
	}()
}
