// Package errors is gosim's model of Go's package errors.
package errors

// errorString is what New returns.
//
//gosim:is gosim.std.errors.ErrorString
type errorString struct {
	s string
}

func (e *errorString) Error() string

// New returns an error with a text, distinct from all others.
func New(text string) error

// ErrUnsupported says that an operation cannot be done because it is not supported.
var ErrUnsupported = unsupported()

func unsupported() error

// comparable_ tells whether comparing a value with == cannot panic.
func comparable_(v any) bool

// target is a pointer to a variable: assignable tells whether v may be stored in it, assign does.
func pointer(target any) (ok, isErrorOrInterface bool)

func assignable(v, target any) bool

func assign(v, target any)

// Unwrap returns what err wraps, if it wraps one error.
func Unwrap(err error) error {
	if u, ok := err.(interface{ Unwrap() error }); ok {
		return u.Unwrap()
	}
	return nil
}

// Is tells whether target is in the tree of err.
func Is(err, target error) bool {
	if err == nil || target == nil {
		return err == target
	}
	return is(err, target, comparable_(target))
}

func is(err, target error, comparable bool) bool {
	for err != nil {
		if comparable && err == target {
			return true
		}
		if x, ok := err.(interface{ Is(error) bool }); ok && x.Is(target) {
			return true
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, each := range many.Unwrap() {
				if is(each, target, comparable) {
					return true
				}
			}
			return false
		}
		err = Unwrap(err)
	}
	return false
}

// As stores the first error in the tree of err that fits in the variable to which target points.
func As(err error, target any) bool {
	if err == nil {
		return false
	}
	if target == nil {
		panic("errors: target cannot be nil")
	}
	ok, fits := pointer(target)
	if !ok {
		panic("errors: target must be a non-nil pointer")
	}
	if !fits {
		panic("errors: *target must be interface or implement error")
	}
	return as(err, target)
}

func as(err error, target any) bool {
	for err != nil {
		if assignable(err, target) {
			assign(err, target)
			return true
		}
		if x, ok := err.(interface{ As(any) bool }); ok && x.As(target) {
			return true
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, each := range many.Unwrap() {
				if as(each, target) {
					return true
				}
			}
			return false
		}
		err = Unwrap(err)
	}
	return false
}

// AsType returns the first error of type E in the tree of err.
//
//gosim:since 1.26
func AsType[E error](err error) (E, bool) {
	var found E
	ok := asType(err, &found)
	return found, ok
}

func asType[E error](err error, found *E) bool {
	for err != nil {
		if e, ok := err.(E); ok {
			*found = e
			return true
		}
		if x, ok := err.(interface{ As(any) bool }); ok && x.As(found) {
			return true
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, each := range many.Unwrap() {
				if asType(each, found) {
					return true
				}
			}
			return false
		}
		err = Unwrap(err)
	}
	return false
}

type joinError struct {
	errs []error
}

func (e *joinError) Error() string {
	text := e.errs[0].Error()
	for _, err := range e.errs[1:] {
		text += "\n" + err.Error()
	}
	return text
}

func (e *joinError) Unwrap() []error {
	return e.errs
}

// Join returns an error that wraps those of errs that are not nil.
func Join(errs ...error) error {
	n := 0
	for _, err := range errs {
		if err != nil {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	joined := &joinError{make([]error, 0, n)}
	for _, err := range errs {
		if err != nil {
			joined.errs = append(joined.errs, err)
		}
	}
	return joined
}
