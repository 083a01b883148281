// Package unique is gosim's model of Go's package unique.
//
//gosim:since 1.23
package unique

// A Handle stands for a value: equal handles, equal values.
type Handle[T comparable] struct {
	value *T
}

func (h Handle[T]) Value() T {
	return *h.value
}

var known = map[any]any{}

// Make returns the handle of a value.
func Make[T comparable](value T) Handle[T] {
	if found, ok := known[value]; ok {
		return Handle[T]{found.(*T)}
	}
	p := new(T)
	*p = value
	known[value] = p
	return Handle[T]{p}
}
