// Package reflectlite is the little of reflection that package sort needs.
package reflectlite

type ValueError struct {
	Method string
	Kind   string
}

func (e *ValueError) Error() string {
	if e.Kind == "" {
		return "reflect: call of " + e.Method + " on zero Value"
	}
	return "reflect: call of " + e.Method + " on " + e.Kind + " Value"
}

// kind returns the kind of what is in an interface, "" for nil.
func kind(x any) string

func length(x any) int

func swapper(x any) func(i, j int)

func Len(x any) int {
	switch k := kind(x); k {
	case "slice", "string", "array", "map", "chan":
		return length(x)
	default:
		panic(&ValueError{"reflectlite.Value.Len", k})
	}
}

// Swapper returns what exchanges two elements of a slice.
func Swapper(x any) func(i, j int) {
	if k := kind(x); k != "slice" {
		panic(&ValueError{"Swapper", k})
	}
	return swapper(x)
}
