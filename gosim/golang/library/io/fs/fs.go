// Package fs is what gosim's package os needs of Go's package io/fs: errors.
package fs

import "errors"

var (
	ErrInvalid    = errInvalid
	ErrPermission = errPermission
	ErrExist      = errExist
	ErrNotExist   = errNotExist
	ErrClosed     = errClosed
)

var (
	errInvalid    error = errors.New("invalid argument")
	errPermission error = errors.New("permission denied")
	errExist      error = errors.New("file already exists")
	errNotExist   error = errors.New("file does not exist")
	errClosed     error = errors.New("file already closed")
)

// A PathError says which operation on which file failed.
type PathError struct {
	Op   string
	Path string
	Err  error
}

func (e *PathError) Error() string { return e.Op + " " + e.Path + ": " + e.Err.Error() }
func (e *PathError) Unwrap() error { return e.Err }

func (e *PathError) Timeout() bool {
	t, ok := e.Err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}
