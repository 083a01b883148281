package sql

import (
	"bytes"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"
)

var errNilPtr = errors.New("destination pointer is nil")

// pointee tells of what a pointer points at the kind and the bits, and whether it is nil; of
// anything else the kind Invalid.
func pointee(dest any) (kind reflect.Kind, bits int, ok bool)

// same reports whether src is of the type that dest points at, or of the same kind.
func same(dest, src any) bool

// store stores a value of the same kind.
func store(dest, value any)

// inner makes the variable to which the pointer that dest points at can point.
func inner(dest any) any

// ConvertAssign stores a value as Rows.Scan does.
//
//gosim:since 1.27
func ConvertAssign(scanCtx driver.ScanContext, dest any, src driver.Value) error {
	return convertAssign(dest, src)
}

// convertAssign stores a driver's value in what dest points at.
func convertAssign(dest, src any) error {
	switch d := dest.(type) {
	case *any:
		if d == nil {
			return errNilPtr
		}
		if b, ok := src.([]byte); ok {
			src = bytes.Clone(b)
		}
		*d = src
		return nil
	case *[]byte:
		if d == nil {
			return errNilPtr
		}
		if b, ok := asBytes(src); ok {
			*d = bytes.Clone(b)
			return nil
		}
	case *RawBytes:
		if d == nil {
			return errNilPtr
		}
		if b, ok := asBytes(src); ok {
			*d = b
			return nil
		}
	case *string:
		if d == nil {
			return errNilPtr
		}
		if src != nil {
			b, _ := asBytes(src)
			*d = string(b)
			return nil
		}
	case *bool:
		b, err := driver.Bool.ConvertValue(src)
		if err == nil {
			*d = b.(bool)
		}
		return err
	case Scanner:
		return d.Scan(src)
	case nil:
		return errors.New("destination not a pointer")
	}

	kind, bits, ok := pointee(dest)
	if kind == reflect.Invalid {
		return errors.New("destination not a pointer")
	}
	if !ok {
		return errNilPtr
	}
	if same(dest, src) {
		store(dest, src)
		return nil
	}
	failed := func(s string, err error) error {
		if ne, ok := err.(*strconv.NumError); ok {
			err = ne.Err
		}
		return fmt.Errorf("converting driver.Value type %T (%q) to a %s: %v", src, s, kind, err)
	}
	switch {
	case kind == reflect.Pointer:
		if src == nil {
			store(dest, nil)
			return nil
		}
		if target := inner(dest); target != nil {
			store(dest, target)
			return convertAssign(target, src)
		}
	case src == nil && (reflect.Int <= kind && kind <= reflect.Float64 || kind == reflect.String) && kind != reflect.Uintptr:
		return fmt.Errorf("converting NULL to %s is unsupported", kind)
	case reflect.Int <= kind && kind <= reflect.Int64:
		s := asString(src)
		n, err := strconv.ParseInt(s, 10, bits)
		if err != nil {
			return failed(s, err)
		}
		store(dest, n)
		return nil
	case reflect.Uint <= kind && kind <= reflect.Uint64:
		s := asString(src)
		n, err := strconv.ParseUint(s, 10, bits)
		if err != nil {
			return failed(s, err)
		}
		store(dest, n)
		return nil
	case kind == reflect.Float32 || kind == reflect.Float64:
		s := asString(src)
		f, err := strconv.ParseFloat(s, bits)
		if err != nil {
			return failed(s, err)
		}
		store(dest, f)
		return nil
	case kind == reflect.String:
		if b, ok := src.([]byte); ok {
			store(dest, string(b))
			return nil
		}
	}
	return fmt.Errorf("unsupported Scan, storing driver.Value type %T into type %T", src, dest)
}

func asString(src any) string {
	switch v := src.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	case bool:
		return strconv.FormatBool(v)
	case float32:
		return strconv.FormatFloat(float64(v), 'g', -1, 32)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return fmt.Sprintf("%v", src)
}

func asBytes(src any) (b []byte, ok bool) {
	switch v := src.(type) {
	case nil:
		return nil, true
	case []byte:
		return v, true
	case time.Time:
		return v.AppendFormat(nil, time.RFC3339Nano), true
	}
	return []byte(asString(src)), driver.IsValue(src)
}
