// Package weak is gosim's model of Go's package weak.
//
//gosim:since 1.24
package weak

// A Pointer does not keep its object alive.
type Pointer[T any] struct {
	_ [0]*T
	u *weakPointer
}

// weakPointer is gosim's, one for each object.
//
//gosim:is gosim.std.weak.Pointer
type weakPointer struct{ _ int }

func (p Pointer[T]) Value() *T {
	if p.u == nil {
		return nil
	}
	return value[T](p.u)
}

func value[T any](u *weakPointer) *T

// Make returns a weak pointer.
func Make[T any](ptr *T) Pointer[T] {
	if ptr == nil {
		return Pointer[T]{}
	}
	return Pointer[T]{u: make_(ptr)}
}

func make_[T any](ptr *T) *weakPointer
