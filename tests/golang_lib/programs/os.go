package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	fmt.Println(len(os.Args) > 0)
	os.Setenv("GOSIM_X", "value")
	fmt.Println(os.Getenv("GOSIM_X"), os.Getenv("GOSIM_NONE") == "")
	fmt.Println(os.LookupEnv("GOSIM_X"))
	fmt.Println(os.LookupEnv("GOSIM_NONE"))
	fmt.Println(os.Setenv("", "x"))
	fmt.Println(os.ExpandEnv("$GOSIM_X ${GOSIM_X}s $ $$ ${} $NONE."))
	fmt.Println(os.Expand("$a-${b}-$1x", strings.ToUpper))
	os.Unsetenv("GOSIM_X")
	fmt.Println(os.Getenv("GOSIM_X") == "")
	n, err := os.Stdout.WriteString("héllo\n")
	fmt.Println(n, err)
	n, err = os.Stdout.Write([]byte{'a', 0xc3, 0xa9, '\n'})
	fmt.Println(n, err)
	fmt.Fprintf(os.Stderr, "to stderr %d\n", 1)
	io.WriteString(os.Stdout, "io\n")
	fmt.Println(os.Stdout.Name(), os.Stderr.Fd())
	b := make([]byte, 4)
	k, err := os.Stdin.Read(b)
	fmt.Println(k, err)
	fmt.Println(os.ErrNotExist, os.ErrExist, os.ErrPermission, os.ErrInvalid, os.ErrClosed)
	perr := &os.PathError{Op: "open", Path: "x", Err: os.ErrNotExist}
	fmt.Println(perr, os.IsNotExist(perr), errors.Is(perr, os.ErrNotExist), os.IsExist(perr))
	wrapped := fmt.Errorf("wrap: %w", perr)
	fmt.Println(os.IsNotExist(wrapped), errors.Is(wrapped, os.ErrNotExist))
	var pe *os.PathError
	fmt.Println(errors.As(wrapped, &pe), pe.Path)
	fmt.Printf("%T\n", perr)
	fmt.Println(os.NewSyscallError("x", nil) == nil, os.NewSyscallError("open", errors.New("e")))
	fmt.Println(os.Interrupt, os.Kill)
	var w io.Writer = os.Stdout
	fmt.Fprintln(w, "via writer")
	defer fmt.Println("never")
	os.Exit(3)
}
