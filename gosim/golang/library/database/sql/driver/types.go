package driver

import (
	"fmt"
	"reflect"
	"strconv"
	"time"
)

// A ValueConverter makes a driver's Value of something else.
type ValueConverter interface {
	ConvertValue(v any) (Value, error)
}

// A Valuer knows its own Value.
type Valuer interface {
	Value() (Value, error)
}

// plain takes a value of any type of numbers, texts or bytes for what it is made of: an int64, a
// uint64, a float64, a bool, a string, or a []byte. The kind is that of its own type.
func plain(v any) (value any, kind reflect.Kind)

// pointed is what a pointer points to; ok is false if it is nil.
func pointed(v any) (value any, ok bool)

// IsValue reports whether v is of a type that drivers handle.
func IsValue(v any) bool {
	switch v.(type) {
	case nil, []byte, bool, float64, int64, string, time.Time:
		return true
	}
	return false
}

func IsScanValue(v any) bool { return IsValue(v) }

// Bool converts what means yes or no.
var Bool boolType

type boolType struct{}

func (boolType) String() string { return "Bool" }

func (boolType) ConvertValue(src any) (Value, error) {
	var text string
	switch s := src.(type) {
	case bool:
		return s, nil
	case string:
		text = s
	case []byte:
		text = string(s)
	default:
		number, _ := plain(src)
		switch n := number.(type) {
		case int64:
			if n == 0 || n == 1 {
				return n == 1, nil
			}
			return nil, fmt.Errorf("sql/driver: couldn't convert %d into type bool", n)
		case uint64:
			if n == 0 || n == 1 {
				return n == 1, nil
			}
			return nil, fmt.Errorf("sql/driver: couldn't convert %d into type bool", n)
		}
		return nil, fmt.Errorf("sql/driver: couldn't convert %v (%T) into type bool", src, src)
	}
	b, err := strconv.ParseBool(text)
	if err != nil {
		return nil, fmt.Errorf("sql/driver: couldn't convert %q into type bool", src)
	}
	return b, nil
}

// Int32 converts integers and texts of integers.
var Int32 int32Type

type int32Type struct{}

func (int32Type) ConvertValue(v any) (Value, error) {
	number, _ := plain(v)
	switch n := number.(type) {
	case int64:
		if n > 1<<31-1 || n < -1<<31 {
			return nil, fmt.Errorf("sql/driver: value %d overflows int32", v)
		}
		return n, nil
	case uint64:
		if n > 1<<31-1 {
			return nil, fmt.Errorf("sql/driver: value %d overflows int32", v)
		}
		return int64(n), nil
	case string:
		i, err := strconv.Atoi(n)
		if err != nil {
			return nil, fmt.Errorf("sql/driver: value %q can't be converted to int32", v)
		}
		return int64(i), nil
	}
	return nil, fmt.Errorf("sql/driver: unsupported value %v (type %T) converting to int32", v, v)
}

// String converts anything to its text.
var String stringType

type stringType struct{}

func (stringType) ConvertValue(v any) (Value, error) {
	switch v.(type) {
	case string, []byte:
		return v, nil
	}
	return fmt.Sprintf("%v", v), nil
}

// Null lets nil through.
type Null struct {
	Converter ValueConverter
}

func (n Null) ConvertValue(v any) (Value, error) {
	if v == nil {
		return nil, nil
	}
	return n.Converter.ConvertValue(v)
}

// NotNull refuses nil.
type NotNull struct {
	Converter ValueConverter
}

func (n NotNull) ConvertValue(v any) (Value, error) {
	if v == nil {
		return nil, fmt.Errorf("nil value not allowed")
	}
	return n.Converter.ConvertValue(v)
}

// DefaultParameterConverter converts the arguments of queries.
var DefaultParameterConverter defaultConverter

type defaultConverter struct{}

func (defaultConverter) ConvertValue(v any) (Value, error) {
	if IsValue(v) {
		return v, nil
	}
	if vr, ok := v.(Valuer); ok {
		sv, err := vr.Value()
		if err != nil {
			return nil, err
		}
		if !IsValue(sv) {
			return nil, fmt.Errorf("non-Value type %T returned from Value", sv)
		}
		return sv, nil
	}
	value, kind := plain(v)
	switch kind {
	case reflect.Pointer:
		target, ok := pointed(v)
		if !ok {
			return nil, nil
		}
		return defaultConverter{}.ConvertValue(target)
	case reflect.Uint64:
		if n := value.(uint64); n >= 1<<63 {
			return nil, fmt.Errorf("uint64 values with high bit set are not supported")
		}
	case reflect.Slice:
		if value == nil {
			return nil, fmt.Errorf("unsupported type %T, a slice of %s", v, reflect.TypeOf(v).Elem().Kind())
		}
	}
	switch n := value.(type) {
	case uint64:
		return int64(n), nil
	case nil:
		return nil, fmt.Errorf("unsupported type %T, a %s", v, kind)
	}
	return value, nil
}
