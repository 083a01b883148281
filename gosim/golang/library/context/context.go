// Package context is gosim's model of Go's package context: the objects of gosim.std.context.
package context

import "time"

// A Context carries a deadline, a cancellation and values.
type Context interface {
	Deadline() (deadline time.Time, ok bool)
	Done() <-chan struct{}
	Err() error
	Value(key any) any
}

// Canceled is the error of a context that was cancelled.
var Canceled = canceled()

// DeadlineExceeded is the error of a context whose deadline has passed.
var DeadlineExceeded error = deadlineExceeded()

func canceled() error
func deadlineExceeded() error

//gosim:is gosim.std.context.DeadlineExceededError
type deadlineExceededError struct{ _ int }

func (e *deadlineExceededError) Error() string
func (e *deadlineExceededError) Timeout() bool
func (e *deadlineExceededError) Temporary() bool

type CancelFunc func()

type CancelCauseFunc func(cause error)

// Background and TODO return contexts that are never cancelled.
func Background() Context
func TODO() Context

func WithCancel(parent Context) (ctx Context, cancel CancelFunc) {
	ctx, c := withCancel(parent)
	return ctx, func() { c.cancel() }
}

func WithCancelCause(parent Context) (ctx Context, cancel CancelCauseFunc) {
	ctx, c := withCancelCause(parent)
	return ctx, func(cause error) { c.cancel(cause) }
}

func WithDeadline(parent Context, d time.Time) (Context, CancelFunc) {
	ctx, c := withDeadline(parent, d, nil)
	return ctx, func() { c.cancel() }
}

func WithDeadlineCause(parent Context, d time.Time, cause error) (Context, CancelFunc) {
	ctx, c := withDeadline(parent, d, cause)
	return ctx, func() { c.cancel() }
}

func WithTimeout(parent Context, timeout time.Duration) (Context, CancelFunc) {
	ctx, c := withDeadline(parent, time.Now().Add(timeout), nil)
	return ctx, func() { c.cancel() }
}

func WithTimeoutCause(parent Context, timeout time.Duration, cause error) (Context, CancelFunc) {
	ctx, c := withDeadline(parent, time.Now().Add(timeout), cause)
	return ctx, func() { c.cancel() }
}

func WithValue(parent Context, key, val any) Context
func WithoutCancel(parent Context) Context
func Cause(c Context) error

func AfterFunc(ctx Context, f func()) (stop func() bool) {
	s := afterFunc(ctx, f)
	return func() bool { return s.stop() }
}

func withCancel(parent Context) (Context, *canceler)
func withCancelCause(parent Context) (Context, *causer)
func withDeadline(parent Context, d time.Time, cause error) (Context, *canceler)

//gosim:later
func afterFunc(ctx Context, f func()) *stopper

//gosim:is gosim.std.context._CancelFunc
type canceler struct{ _ int }

func (c *canceler) cancel()

//gosim:is gosim.std.context._CancelCauseFunc
type causer struct{ _ int }

func (c *causer) cancel(cause error)

//gosim:is gosim.std.context._Stop
type stopper struct{ _ int }

func (s *stopper) stop() bool

// The contexts there are. What they have in common is in native.py.

//gosim:is gosim.std.context._Empty
type emptyCtx struct{ _ int }

func (c *emptyCtx) Deadline() (deadline time.Time, ok bool)
func (c *emptyCtx) Done() <-chan struct{}
func (c *emptyCtx) Err() error
func (c *emptyCtx) Value(key any) any
func (c *emptyCtx) String() string

//gosim:is gosim.std.context._Cancel
type cancelCtx struct{ _ int }

func (c *cancelCtx) Deadline() (deadline time.Time, ok bool)
func (c *cancelCtx) Done() <-chan struct{}
func (c *cancelCtx) Err() error
func (c *cancelCtx) Value(key any) any
func (c *cancelCtx) String() string

//gosim:is gosim.std.context._Deadline
type timerCtx struct{ _ int }

func (c *timerCtx) Deadline() (deadline time.Time, ok bool)
func (c *timerCtx) Done() <-chan struct{}
func (c *timerCtx) Err() error
func (c *timerCtx) Value(key any) any
func (c *timerCtx) String() string

//gosim:is gosim.std.context._Value
type valueCtx struct{ _ int }

func (c *valueCtx) Deadline() (deadline time.Time, ok bool)
func (c *valueCtx) Done() <-chan struct{}
func (c *valueCtx) Err() error
func (c *valueCtx) Value(key any) any
func (c *valueCtx) String() string

//gosim:is gosim.std.context._WithoutCancel
type withoutCancelCtx struct{ _ int }

func (c *withoutCancelCtx) Deadline() (deadline time.Time, ok bool)
func (c *withoutCancelCtx) Done() <-chan struct{}
func (c *withoutCancelCtx) Err() error
func (c *withoutCancelCtx) Value(key any) any
func (c *withoutCancelCtx) String() string
