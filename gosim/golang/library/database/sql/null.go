package sql

import (
	"database/sql/driver"
	"time"
)

// The Null types are columns that may be NULL.

type NullString struct {
	String string
	Valid  bool
}

func (n *NullString) Scan(value any) error {
	*n = NullString{}
	return scanNull(&n.String, &n.Valid, value)
}

func (n NullString) Value() (driver.Value, error) {
	if !n.Valid {
		return nil, nil
	}
	return n.String, nil
}

type NullInt64 struct {
	Int64 int64
	Valid bool
}

func (n *NullInt64) Scan(value any) error {
	*n = NullInt64{}
	return scanNull(&n.Int64, &n.Valid, value)
}

func (n NullInt64) Value() (driver.Value, error) {
	if !n.Valid {
		return nil, nil
	}
	return n.Int64, nil
}

type NullInt32 struct {
	Int32 int32
	Valid bool
}

func (n *NullInt32) Scan(value any) error {
	*n = NullInt32{}
	return scanNull(&n.Int32, &n.Valid, value)
}

func (n NullInt32) Value() (driver.Value, error) {
	if !n.Valid {
		return nil, nil
	}
	return int64(n.Int32), nil
}

type NullInt16 struct {
	Int16 int16
	Valid bool
}

func (n *NullInt16) Scan(value any) error {
	*n = NullInt16{}
	return scanNull(&n.Int16, &n.Valid, value)
}

func (n NullInt16) Value() (driver.Value, error) {
	if !n.Valid {
		return nil, nil
	}
	return int64(n.Int16), nil
}

type NullByte struct {
	Byte  byte
	Valid bool
}

func (n *NullByte) Scan(value any) error {
	*n = NullByte{}
	return scanNull(&n.Byte, &n.Valid, value)
}

func (n NullByte) Value() (driver.Value, error) {
	if !n.Valid {
		return nil, nil
	}
	return int64(n.Byte), nil
}

type NullFloat64 struct {
	Float64 float64
	Valid   bool
}

func (n *NullFloat64) Scan(value any) error {
	*n = NullFloat64{}
	return scanNull(&n.Float64, &n.Valid, value)
}

func (n NullFloat64) Value() (driver.Value, error) {
	if !n.Valid {
		return nil, nil
	}
	return n.Float64, nil
}

type NullBool struct {
	Bool  bool
	Valid bool
}

func (n *NullBool) Scan(value any) error {
	*n = NullBool{}
	return scanNull(&n.Bool, &n.Valid, value)
}

func (n NullBool) Value() (driver.Value, error) {
	if !n.Valid {
		return nil, nil
	}
	return n.Bool, nil
}

type NullTime struct {
	Time  time.Time
	Valid bool
}

func (n *NullTime) Scan(value any) error {
	*n = NullTime{}
	return scanNull(&n.Time, &n.Valid, value)
}

func (n NullTime) Value() (driver.Value, error) {
	if !n.Valid {
		return nil, nil
	}
	return n.Time, nil
}

//gosim:since 1.22
type Null[T any] struct {
	V     T
	Valid bool
}

//gosim:since 1.22
func (n *Null[T]) Scan(value any) error {
	*n = Null[T]{}
	return scanNull(&n.V, &n.Valid, value)
}

//gosim:since 1.22
func (n Null[T]) Value() (driver.Value, error) {
	if !n.Valid {
		return nil, nil
	}
	return driver.DefaultParameterConverter.ConvertValue(any(n.V))
}

func scanNull(dest any, valid *bool, value any) error {
	if value == nil {
		return nil
	}
	err := convertAssign(dest, value)
	*valid = err == nil
	return err
}
