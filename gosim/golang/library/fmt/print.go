// Package fmt prints and scans.
//
// What to print of a value is decided by gosim.golang.library.fmt.printing. It calls the methods of
// the program (Error, String, GoString, Format) through the functions it is given, so that they may
// block: then its other form is used, whose name ends in _blocking.
package fmt

import (
	"errors"
	"io"
	"os"
)

// State is what a Formatter is given.
type State interface {
	Write(b []byte) (n int, err error)
	Width() (wid int, ok bool)
	Precision() (prec int, ok bool)
	Flag(c int) bool
}

// Formatter prints itself.
type Formatter interface {
	Format(f State, verb rune)
}

// Stringer has a text.
type Stringer interface {
	String() string
}

// GoStringer has a text for %#v.
type GoStringer interface {
	GoString() string
}

// pp is the State of a Formatter; printer is the Printer of native.py.
type pp struct {
	printer any
}

func (p *pp) Write(b []byte) (ret int, err error)
func (p *pp) WriteString(s string) (ret int, err error)
func (p *pp) Width() (wid int, ok bool)
func (p *pp) Precision() (prec int, ok bool)
func (p *pp) Flag(b int) bool

func callError(err error) string                     { return err.Error() }
func callString(s Stringer) string                   { return s.String() }
func callGoString(s GoStringer) string               { return s.GoString() }
func callFormat(f Formatter, printer any, verb rune) { f.Format(&pp{printer}, verb) }

func sprint(a []any, e func(error) string, s func(Stringer) string, g func(GoStringer) string, f func(Formatter, any, rune)) string
func sprintln(a []any, e func(error) string, s func(Stringer) string, g func(GoStringer) string, f func(Formatter, any, rune)) string
func sprintf(format string, a []any, e func(error) string, s func(Stringer) string, g func(GoStringer) string, f func(Formatter, any, rune)) string

// errorf also returns the sorted numbers of the arguments of %w.
func errorf(format string, a []any, e func(error) string, s func(Stringer) string, g func(GoStringer) string, f func(Formatter, any, rune)) (string, []int)

func write(w io.Writer, s string) (n int, err error) {
	if f, ok := w.(*os.File); ok {
		return f.WriteString(s)
	}
	return w.Write([]byte(s))
}

// FormatString returns the directive that a Formatter was called for.
func FormatString(state State, verb rune) string {
	b := []byte{'%'}
	for _, c := range " +-#0" {
		if state.Flag(int(c)) {
			b = append(b, byte(c))
		}
	}
	if w, ok := state.Width(); ok {
		b = append(b, Sprint(w)...)
	}
	if p, ok := state.Precision(); ok {
		b = append(b, '.')
		b = append(b, Sprint(p)...)
	}
	return string(b) + string(verb)
}

func Fprintf(w io.Writer, format string, a ...any) (n int, err error) {
	return write(w, sprintf(format, a, callError, callString, callGoString, callFormat))
}

func Printf(format string, a ...any) (n int, err error) {
	return os.Stdout.WriteString(sprintf(format, a, callError, callString, callGoString, callFormat))
}

func Sprintf(format string, a ...any) string {
	return sprintf(format, a, callError, callString, callGoString, callFormat)
}

func Appendf(b []byte, format string, a ...any) []byte {
	return append(b, sprintf(format, a, callError, callString, callGoString, callFormat)...)
}

func Fprint(w io.Writer, a ...any) (n int, err error) {
	return write(w, sprint(a, callError, callString, callGoString, callFormat))
}

func Print(a ...any) (n int, err error) {
	return os.Stdout.WriteString(sprint(a, callError, callString, callGoString, callFormat))
}

func Sprint(a ...any) string {
	return sprint(a, callError, callString, callGoString, callFormat)
}

func Append(b []byte, a ...any) []byte {
	return append(b, sprint(a, callError, callString, callGoString, callFormat)...)
}

func Fprintln(w io.Writer, a ...any) (n int, err error) {
	return write(w, sprintln(a, callError, callString, callGoString, callFormat))
}

func Println(a ...any) (n int, err error) {
	return os.Stdout.WriteString(sprintln(a, callError, callString, callGoString, callFormat))
}

func Sprintln(a ...any) string {
	return sprintln(a, callError, callString, callGoString, callFormat)
}

func Appendln(b []byte, a ...any) []byte {
	return append(b, sprintln(a, callError, callString, callGoString, callFormat)...)
}

type wrapError struct {
	msg string
	err error
}

func (e *wrapError) Error() string { return e.msg }
func (e *wrapError) Unwrap() error { return e.err }

type wrapErrors struct {
	msg  string
	errs []error
}

func (e *wrapErrors) Error() string   { return e.msg }
func (e *wrapErrors) Unwrap() []error { return e.errs }

// Errorf returns an error with a formatted text that wraps the arguments of %w.
func Errorf(format string, a ...any) (err error) {
	s, wrapped := errorf(format, a, callError, callString, callGoString, callFormat)
	switch len(wrapped) {
	case 0:
		return errors.New(s)
	case 1:
		w := &wrapError{msg: s}
		w.err, _ = a[wrapped[0]].(error)
		return w
	}
	var errs []error
	for i, number := range wrapped {
		if i > 0 && wrapped[i-1] == number {
			continue
		}
		if e, ok := a[number].(error); ok {
			errs = append(errs, e)
		}
	}
	return &wrapErrors{s, errs}
}
