// Package os is gosim's model of Go's package os: a process without files.
package os

import (
	"errors"
	"io"
	"io/fs"
	"syscall"
)

const (
	PathSeparator     = '/'
	PathListSeparator = ':'
	DevNull           = "/dev/null"
)

// The errors of package io/fs.
var (
	ErrInvalid          = fs.ErrInvalid
	ErrPermission       = fs.ErrPermission
	ErrExist            = fs.ErrExist
	ErrNotExist         = fs.ErrNotExist
	ErrClosed           = fs.ErrClosed
	ErrNoDeadline       = errNoDeadline
	ErrDeadlineExceeded = errDeadlineExceeded
	ErrProcessDone      = errors.New("os: process already finished")
)

var errNoDeadline error = errors.New("file type does not support deadline")

type deadlineExceededError struct{}

func (e *deadlineExceededError) Error() string   { return "i/o timeout" }
func (e *deadlineExceededError) Timeout() bool   { return true }
func (e *deadlineExceededError) Temporary() bool { return true }

var errDeadlineExceeded error = &deadlineExceededError{}

// A PathError says which operation on which file failed.
type PathError = fs.PathError

// Args is the command line.
var Args []string = args()

func args() []string

// IsNotExist and its kin look for an error without unwrapping further than os does.
func IsNotExist(err error) bool {
	return underlying(err) == ErrNotExist
}

func IsExist(err error) bool {
	return underlying(err) == ErrExist
}

func IsPermission(err error) bool {
	return underlying(err) == ErrPermission
}

func IsTimeout(err error) bool {
	t, ok := underlying(err).(interface{ Timeout() bool })
	return ok && t.Timeout()
}

func underlying(err error) error {
	switch e := err.(type) {
	case *PathError:
		return e.Err
	case *SyscallError:
		return e.Err
	}
	return err
}

// A SyscallError is the error of a system call.
type SyscallError struct {
	Syscall string
	Err     error
}

func (e *SyscallError) Error() string { return e.Syscall + ": " + e.Err.Error() }
func (e *SyscallError) Unwrap() error { return e.Err }

func (e *SyscallError) Timeout() bool {
	t, ok := e.Err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}

func NewSyscallError(syscall string, err error) error {
	if err == nil {
		return nil
	}
	return &SyscallError{syscall, err}
}

// Exit ends the process; no deferred call runs.
func Exit(code int)

func Getenv(key string) string {
	value, _ := LookupEnv(key)
	return value
}

func LookupEnv(key string) (string, bool)

func Setenv(key, value string) error {
	if !setenv(key, value) {
		return NewSyscallError("setenv", errInvalid)
	}
	return nil
}

var errInvalid = errors.New("invalid argument")

func setenv(key, value string) bool
func Unsetenv(key string) error
func Clearenv()
func Environ() []string

// ExpandEnv replaces $name and ${name} by variables of the environment.
func ExpandEnv(s string) string {
	return Expand(s, Getenv)
}

// Expand replaces $name and ${name} by what mapping says.
func Expand(s string, mapping func(string) string) string {
	var out []byte
	done := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '$' || i+1 == len(s) {
			continue
		}
		out = append(out, s[done:i]...)
		name, width := shellName(s[i+1:])
		if name == "" && width > 0 {
			// Bad syntax such as ${}: it is left out.
		} else if name == "" {
			out = append(out, s[i])
		} else {
			out = append(out, mapping(name)...)
		}
		i += width
		done = i + 1
	}
	if done == 0 {
		return s
	}
	return string(out) + s[done:]
}

func special(c byte) bool {
	switch c {
	case '*', '#', '$', '@', '!', '?', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return true
	}
	return false
}

func letter(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// shellName returns the name at the beginning of s, and the bytes it takes.
func shellName(s string) (string, int) {
	if s[0] == '{' {
		if len(s) > 2 && special(s[1]) && s[2] == '}' {
			return s[1:2], 3
		}
		for i := 1; i < len(s); i++ {
			if s[i] == '}' {
				if i == 1 {
					return "", 2
				}
				return s[1:i], i + 1
			}
		}
		return "", 1
	}
	if special(s[0]) {
		return s[:1], 1
	}
	i := 0
	for i < len(s) && letter(s[i]) {
		i++
	}
	return s[:i], i
}

func Getpid() int                    { return 4242 }
func Getppid() int                   { return 1 }
func Getuid() int                    { return 1000 }
func Geteuid() int                   { return 1000 }
func Getgid() int                    { return 1000 }
func Getegid() int                   { return 1000 }
func Getpagesize() int               { return 4096 }
func TempDir() string                { return "/tmp" }
func Getwd() (dir string, err error) { return "/", nil }
func Hostname() (name string, err error) {
	return "gosim", nil
}

// A File is an open file; there are the three of them that a process starts with.
type File struct {
	fd   int
	name string
}

var (
	Stdin  = &File{0, "/dev/stdin"}
	Stdout = &File{1, "/dev/stdout"}
	Stderr = &File{2, "/dev/stderr"}
)

func (f *File) Name() string { return f.name }

func (f *File) Fd() uintptr { return uintptr(f.fd) }

func (f *File) fail(op string) (int, error) {
	if f == nil {
		return 0, ErrInvalid
	}
	if f.fd < 0 {
		return 0, &PathError{Op: op, Path: f.name, Err: ErrClosed}
	}
	return 0, &PathError{Op: op, Path: f.name, Err: errBadFile}
}

var errBadFile = errors.New("bad file descriptor")

// Write writes to standard output or standard error.
func (f *File) Write(b []byte) (n int, err error) {
	if f == nil || f.fd != 1 && f.fd != 2 {
		return f.fail("write")
	}
	write(f.fd, string(b))
	return len(b), nil
}

func (f *File) WriteString(s string) (n int, err error) {
	if f == nil || f.fd != 1 && f.fd != 2 {
		return f.fail("write")
	}
	write(f.fd, s)
	return len(s), nil
}

func write(fd int, s string)

// Read reads from standard input.
func (f *File) Read(b []byte) (n int, err error) {
	if f == nil || f.fd != 0 {
		return f.fail("read")
	}
	s := read(len(b))
	if s == "" && len(b) > 0 {
		return 0, io.EOF
	}
	return copy(b, s), nil
}

func read(n int) string

func (f *File) Sync() error { return nil }

func (f *File) Close() error {
	if f == nil {
		return ErrInvalid
	}
	if f.fd < 0 {
		return &PathError{Op: "close", Path: f.name, Err: ErrClosed}
	}
	f.fd = -1
	return nil
}

// A Signal is what os/signal delivers.
type Signal interface {
	String() string
	Signal()
}

var (
	Interrupt Signal = syscall.SIGINT
	Kill      Signal = syscall.SIGKILL
)

// A Process is a process: there is only the program's own.
type Process struct {
	Pid int
}

func FindProcess(pid int) (*Process, error) { return &Process{pid}, nil }

func (p *Process) Signal(sig Signal) error {
	s, ok := sig.(syscall.Signal)
	if !ok {
		return errors.New("os: unsupported signal type")
	}
	err := syscall.Kill(p.Pid, s)
	if err == syscall.ESRCH {
		return ErrProcessDone
	}
	return err
}

func (p *Process) Kill() error    { return p.Signal(Kill) }
func (p *Process) Release() error { return nil }
