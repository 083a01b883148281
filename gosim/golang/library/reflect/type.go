// Package reflect tells of types and compares values. Values cannot be taken apart with it.
package reflect

// Kind is what a type is made of.
type Kind uint

const (
	Invalid Kind = iota
	Bool
	Int
	Int8
	Int16
	Int32
	Int64
	Uint
	Uint8
	Uint16
	Uint32
	Uint64
	Uintptr
	Float32
	Float64
	Complex64
	Complex128
	Array
	Chan
	Func
	Interface
	Map
	Pointer
	Slice
	String
	Struct
	UnsafePointer
)

const Ptr = Pointer

var kindNames = []string{"invalid", "bool", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr",
	"float32", "float64", "complex64", "complex128", "array", "chan", "func", "interface", "map", "ptr", "slice", "string", "struct", "unsafe.Pointer"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	n := ""
	for ; k > 0; k /= 10 {
		n = string(rune('0'+k%10)) + n
	}
	return "kind" + n
}

// ChanDir is the direction of a channel type.
type ChanDir int

const (
	RecvDir ChanDir = 1 << iota
	SendDir
	BothDir = RecvDir | SendDir
)

func (d ChanDir) String() string {
	switch d {
	case SendDir:
		return "chan<-"
	case RecvDir:
		return "<-chan"
	case BothDir:
		return "chan"
	}
	return "ChanDir"
}

// StructTag is what stands behind a field.
type StructTag string

func (tag StructTag) Get(key string) string {
	v, _ := tag.Lookup(key)
	return v
}

func (tag StructTag) Lookup(key string) (value string, ok bool) { return lookup(string(tag), key) }

func lookup(tag, key string) (value string, ok bool)

// StructField is a field of a struct type.
type StructField struct {
	Name      string
	PkgPath   string
	Type      Type
	Tag       StructTag
	Index     []int
	Anonymous bool
}

func (f StructField) IsExported() bool { return f.PkgPath == "" }

// Type tells of a type.
type Type interface {
	Bits() int
	ChanDir() ChanDir
	Comparable() bool
	Elem() Type
	Field(i int) StructField
	FieldByName(name string) (StructField, bool)
	In(i int) Type
	IsVariadic() bool
	Key() Type
	Kind() Kind
	Len() int
	Name() string
	NumField() int
	NumIn() int
	NumMethod() int
	NumOut() int
	Out(i int) Type
	PkgPath() string
	String() string
}

// rtype has the RType of gosim.golang.values.rtype; there is one for each type.
type rtype struct {
	t any
}

var known = map[any]*rtype{}

func typeFor(t any) Type {
	if t == nil {
		return nil
	}
	r := known[t]
	if r == nil {
		r = &rtype{t}
		known[t] = r
	}
	return r
}

func typeOf(i any) any
func kindOf(t any) Kind
func textOf(t any) string
func nameOf(t any) string
func packageOf(t any) string
func elemOf(t any) any
func keyOf(t any) any
func number(t any, what string) int
func partOf(t any, what string, i int) any
func fieldOf(t any, i int) (name, pkg string, typ any, tag string, embedded bool)

// TypeOf returns the dynamic type of what i holds, nil for a nil interface.
func TypeOf(i any) Type { return typeFor(typeOf(i)) }

// TypeFor returns the type T.
//gosim:since 1.22
func TypeFor[T any]() Type {
	var v T
	if t := TypeOf(v); t != nil {
		return t
	}
	return TypeOf((*T)(nil)).Elem()
}

func (r *rtype) Bits() int {
	n := number(r.t, "bits")
	if n < 0 {
		panic("reflect: Bits of non-arithmetic Type " + r.String())
	}
	return n
}

func (r *rtype) ChanDir() ChanDir {
	r.must(Chan, "ChanDir", "chan")
	return ChanDir(number(r.t, "direction"))
}

func (r *rtype) Comparable() bool { return number(r.t, "comparable") == 1 }

func (r *rtype) Elem() Type {
	t := elemOf(r.t)
	if t == nil {
		panic("reflect: Elem of invalid type " + r.String())
	}
	return typeFor(t)
}

func (r *rtype) Field(i int) StructField {
	r.must(Struct, "Field", "struct")
	if i < 0 || i >= r.NumField() {
		panic("reflect: Field index out of bounds")
	}
	name, pkg, t, tag, embedded := fieldOf(r.t, i)
	return StructField{Name: name, PkgPath: pkg, Type: typeFor(t), Tag: StructTag(tag), Index: []int{i}, Anonymous: embedded}
}

func (r *rtype) FieldByName(name string) (StructField, bool) {
	r.must(Struct, "FieldByName", "struct")
	for i := range r.NumField() {
		if f := r.Field(i); f.Name == name {
			return f, true
		}
	}
	return StructField{}, false
}

func (r *rtype) In(i int) Type {
	r.must(Func, "In", "func")
	return typeFor(partOf(r.t, "params", i))
}

func (r *rtype) IsVariadic() bool {
	r.must(Func, "IsVariadic", "func")
	return number(r.t, "variadic") == 1
}

func (r *rtype) Key() Type {
	r.must(Map, "Key", "map")
	return typeFor(keyOf(r.t))
}

func (r *rtype) Kind() Kind { return kindOf(r.t) }

func (r *rtype) Len() int {
	r.must(Array, "Len", "array")
	return number(r.t, "length")
}

func (r *rtype) Name() string { return nameOf(r.t) }

func (r *rtype) NumField() int {
	r.must(Struct, "NumField", "struct")
	return number(r.t, "fields")
}

func (r *rtype) NumIn() int {
	r.must(Func, "NumIn", "func")
	return number(r.t, "params")
}

func (r *rtype) NumMethod() int { return number(r.t, "methods") }

func (r *rtype) NumOut() int {
	r.must(Func, "NumOut", "func")
	return number(r.t, "results")
}

func (r *rtype) Out(i int) Type {
	r.must(Func, "Out", "func")
	return typeFor(partOf(r.t, "results", i))
}

func (r *rtype) PkgPath() string { return packageOf(r.t) }
func (r *rtype) String() string  { return textOf(r.t) }

func (r *rtype) must(k Kind, method, what string) {
	if r.Kind() != k {
		panic("reflect: " + method + " of non-" + what + " type " + r.String())
	}
}

// DeepEqual compares also what cannot be compared with ==, part by part.
func DeepEqual(x, y any) bool
