// Package driver is gosim's model of Go's package database/sql/driver: what a driver of a database
// is made of. Drivers themselves are written in the program.
package driver

import (
	"context"
	"errors"
	"reflect"
)

// A Value is what drivers handle: nil, int64, float64, bool, []byte, string or time.Time.
type Value any

// A NamedValue is an argument of a query with its name or place.
type NamedValue struct {
	Name    string
	Ordinal int
	Value   Value
}

type Driver interface {
	Open(name string) (Conn, error)
}

type DriverContext interface {
	OpenConnector(name string) (Connector, error)
}

type Connector interface {
	Connect(context.Context) (Conn, error)
	Driver() Driver
}

// ErrSkip makes package sql prepare a statement instead.
var ErrSkip = errors.New("driver: skip fast-path; continue as if unimplemented")

// ErrBadConn makes package sql try again with another connection.
var ErrBadConn = errors.New("driver: bad connection")

// ErrRemoveArgument makes package sql leave an argument out.
var ErrRemoveArgument = errors.New("driver: remove argument from query")

// A Conn is a connection; only one goroutine uses it at a time.
type Conn interface {
	Prepare(query string) (Stmt, error)
	Close() error
	Begin() (Tx, error)
}

// What a Conn may do beside that.
type (
	Pinger interface {
		Ping(ctx context.Context) error
	}
	Execer interface {
		Exec(query string, args []Value) (Result, error)
	}
	ExecerContext interface {
		ExecContext(ctx context.Context, query string, args []NamedValue) (Result, error)
	}
	Queryer interface {
		Query(query string, args []Value) (Rows, error)
	}
	QueryerContext interface {
		QueryContext(ctx context.Context, query string, args []NamedValue) (Rows, error)
	}
	ConnPrepareContext interface {
		PrepareContext(ctx context.Context, query string) (Stmt, error)
	}
	ConnBeginTx interface {
		BeginTx(ctx context.Context, opts TxOptions) (Tx, error)
	}
	SessionResetter interface {
		ResetSession(ctx context.Context) error
	}
	Validator interface {
		IsValid() bool
	}
	NamedValueChecker interface {
		CheckNamedValue(*NamedValue) error
	}
)

type IsolationLevel int

type TxOptions struct {
	Isolation IsolationLevel
	ReadOnly  bool
}

type Result interface {
	LastInsertId() (int64, error)
	RowsAffected() (int64, error)
}

// A Stmt is a prepared statement of one connection.
type Stmt interface {
	Close() error
	NumInput() int
	Exec(args []Value) (Result, error)
	Query(args []Value) (Rows, error)
}

// What a Stmt may do beside that.
type (
	StmtExecContext interface {
		ExecContext(ctx context.Context, args []NamedValue) (Result, error)
	}
	StmtQueryContext interface {
		QueryContext(ctx context.Context, args []NamedValue) (Rows, error)
	}
	ColumnConverter interface {
		ColumnConverter(idx int) ValueConverter
	}
)

// Rows is the cursor of a query. Next ends with io.EOF.
type Rows interface {
	Columns() []string
	Close() error
	Next(dest []Value) error
}

// What Rows may do beside that.
type (
	RowsNextResultSet interface {
		Rows
		HasNextResultSet() bool
		NextResultSet() error
	}
	RowsColumnTypeScanType interface {
		Rows
		ColumnTypeScanType(index int) reflect.Type
	}
	RowsColumnTypeDatabaseTypeName interface {
		Rows
		ColumnTypeDatabaseTypeName(index int) string
	}
	RowsColumnTypeLength interface {
		Rows
		ColumnTypeLength(index int) (length int64, ok bool)
	}
	RowsColumnTypeNullable interface {
		Rows
		ColumnTypeNullable(index int) (nullable, ok bool)
	}
	RowsColumnTypePrecisionScale interface {
		Rows
		ColumnTypePrecisionScale(index int) (precision, scale int64, ok bool)
	}
)

// A ScanContext is handed on to sql.ConvertAssign.
//
//gosim:since 1.27
type ScanContext struct{ _ any }

// A RowsColumnScanner stores its columns itself.
//
//gosim:since 1.27
type RowsColumnScanner interface {
	Rows
	NextRow() error
	ScanColumn(scanCtx ScanContext, index int, dest any) error
}

type Tx interface {
	Commit() error
	Rollback() error
}

// RowsAffected is the Result of a statement that changed so many rows.
type RowsAffected int64

func (RowsAffected) LastInsertId() (int64, error) {
	return 0, errors.New("LastInsertId is not supported by this driver")
}

func (v RowsAffected) RowsAffected() (int64, error) { return int64(v), nil }

// ResultNoRows is the Result of a statement that has no rows to change.
var ResultNoRows noRows

type noRows struct{}

func (noRows) LastInsertId() (int64, error) {
	return 0, errors.New("no LastInsertId available after DDL statement")
}

func (noRows) RowsAffected() (int64, error) {
	return 0, errors.New("no RowsAffected available after DDL statement")
}
