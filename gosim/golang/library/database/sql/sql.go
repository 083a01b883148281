// Package sql is gosim's model of Go's package database/sql: the pool of connections with its
// goroutines, waits and locks as in Go, on drivers that the program brings.
package sql

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"sync"
)

var (
	driversMu sync.RWMutex
	drivers   = map[string]driver.Driver{}
)

func Register(name string, driver driver.Driver) {
	driversMu.Lock()
	defer driversMu.Unlock()
	if driver == nil {
		panic("sql: Register driver is nil")
	}
	if _, dup := drivers[name]; dup {
		panic("sql: Register called twice for driver " + name)
	}
	drivers[name] = driver
}

// Drivers returns the names of the drivers there are, sorted.
func Drivers() []string {
	driversMu.RLock()
	defer driversMu.RUnlock()
	names := make([]string, 0, len(drivers))
	for name := range drivers {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// ErrNoRows is what Row.Scan returns when the query had no row.
var ErrNoRows = errors.New("sql: no rows in result set")

// ErrConnDone is the error of a connection that went back to its pool.
var ErrConnDone = errors.New("sql: connection is already closed")

// ErrTxDone is the error of a transaction that is over.
var ErrTxDone = errors.New("sql: transaction has already been committed or rolled back")

var (
	errDBClosed   = errors.New("sql: database is closed")
	errNoRows     = errors.New("sql: no Rows available")
	errRowsClosed = errors.New("sql: Rows are closed")
)

// A NamedArg is an argument of a query with a name.
type NamedArg struct {
	_ struct{}

	Name  string
	Value any
}

func Named(name string, value any) NamedArg { return NamedArg{Name: name, Value: value} }

// An Out is an argument that a query writes to.
type Out struct {
	_ struct{}

	Dest any
	In   bool
}

type IsolationLevel int

const (
	LevelDefault IsolationLevel = iota
	LevelReadUncommitted
	LevelReadCommitted
	LevelWriteCommitted
	LevelRepeatableRead
	LevelSnapshot
	LevelSerializable
	LevelLinearizable
)

var levels = [...]string{
	"Default", "Read Uncommitted", "Read Committed", "Write Committed", "Repeatable Read",
	"Snapshot", "Serializable", "Linearizable",
}

func (i IsolationLevel) String() string {
	if 0 <= i && int(i) < len(levels) {
		return levels[i]
	}
	return "IsolationLevel(" + strconv.Itoa(int(i)) + ")"
}

type TxOptions struct {
	Isolation IsolationLevel
	ReadOnly  bool
}

// RawBytes is what Scan stores without a copy.
type RawBytes []byte

// A Scanner knows how to store a driver's value in itself.
type Scanner interface {
	Scan(src any) error
}

// A Result tells what a statement did.
type Result interface {
	LastInsertId() (int64, error)
	RowsAffected() (int64, error)
}

type driverResult struct {
	sync.Locker // the connection
	resi        driver.Result
}

func (dr driverResult) LastInsertId() (int64, error) {
	dr.Lock()
	defer dr.Unlock()
	return dr.resi.LastInsertId()
}

func (dr driverResult) RowsAffected() (int64, error) {
	dr.Lock()
	defer dr.Unlock()
	return dr.resi.RowsAffected()
}

func withLock(lk sync.Locker, fn func()) {
	lk.Lock()
	defer lk.Unlock()
	fn()
}

// ended returns the error of a context that is over, nil of one that is not.
func ended(ctx context.Context) error {
	select {
	default:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ---- calls of drivers: those that know contexts, and those that do not ----

func ctxDriverPrepare(ctx context.Context, conn driver.Conn, query string) (driver.Stmt, error) {
	if c, ok := conn.(driver.ConnPrepareContext); ok {
		return c.PrepareContext(ctx, query)
	}
	si, err := conn.Prepare(query)
	if err == nil {
		if over := ended(ctx); over != nil {
			si.Close()
			return nil, over
		}
	}
	return si, err
}

func ctxDriverExec(ctx context.Context, conn driver.Conn, query string, args []driver.NamedValue) (driver.Result, error) {
	if c, ok := conn.(driver.ExecerContext); ok {
		return c.ExecContext(ctx, query, args)
	}
	values, err := unnamed(ctx, args)
	if err != nil {
		return nil, err
	}
	return conn.(driver.Execer).Exec(query, values)
}

func ctxDriverQuery(ctx context.Context, conn driver.Conn, query string, args []driver.NamedValue) (driver.Rows, error) {
	if c, ok := conn.(driver.QueryerContext); ok {
		return c.QueryContext(ctx, query, args)
	}
	values, err := unnamed(ctx, args)
	if err != nil {
		return nil, err
	}
	return conn.(driver.Queryer).Query(query, values)
}

func ctxDriverStmtExec(ctx context.Context, si driver.Stmt, args []driver.NamedValue) (driver.Result, error) {
	if s, ok := si.(driver.StmtExecContext); ok {
		return s.ExecContext(ctx, args)
	}
	values, err := unnamed(ctx, args)
	if err != nil {
		return nil, err
	}
	return si.Exec(values)
}

func ctxDriverStmtQuery(ctx context.Context, si driver.Stmt, args []driver.NamedValue) (driver.Rows, error) {
	if s, ok := si.(driver.StmtQueryContext); ok {
		return s.QueryContext(ctx, args)
	}
	values, err := unnamed(ctx, args)
	if err != nil {
		return nil, err
	}
	return si.Query(values)
}

func ctxDriverBegin(ctx context.Context, opts *TxOptions, conn driver.Conn) (driver.Tx, error) {
	if c, ok := conn.(driver.ConnBeginTx); ok {
		var with driver.TxOptions
		if opts != nil {
			with = driver.TxOptions{Isolation: driver.IsolationLevel(opts.Isolation), ReadOnly: opts.ReadOnly}
		}
		return c.BeginTx(ctx, with)
	}
	if opts != nil && opts.Isolation != LevelDefault {
		return nil, errors.New("sql: driver does not support non-default isolation level")
	}
	if opts != nil && opts.ReadOnly {
		return nil, errors.New("sql: driver does not support read-only transactions")
	}
	txi, err := conn.Begin()
	if err == nil && ctx.Done() != nil {
		if over := ended(ctx); over != nil {
			txi.Rollback()
			return nil, over
		}
	}
	return txi, err
}

func unnamed(ctx context.Context, args []driver.NamedValue) ([]driver.Value, error) {
	values := make([]driver.Value, len(args))
	for n, arg := range args {
		if arg.Name != "" {
			return nil, errors.New("sql: driver does not support the use of Named Parameters")
		}
		values[n] = arg.Value
	}
	return values, ended(ctx)
}

// driverArgsConnLocked converts the arguments of a query to what the driver takes.
func driverArgsConnLocked(ci driver.Conn, ds *driverStmt, args []any) ([]driver.NamedValue, error) {
	want := -1
	var si driver.Stmt
	if ds != nil {
		si = ds.si
		want = si.NumInput()
	}
	checker, _ := si.(driver.NamedValueChecker)
	if checker == nil {
		checker, _ = ci.(driver.NamedValueChecker)
	}
	columns, _ := si.(driver.ColumnConverter)

	named := make([]driver.NamedValue, 0, len(args))
	for _, arg := range args {
		nv := driver.NamedValue{Ordinal: len(named) + 1, Value: arg}
		if np, ok := arg.(NamedArg); ok {
			nv.Name, nv.Value = np.Name, np.Value
			if c := nv.Name; c == "" || !('a' <= c[0]|0x20 && c[0]|0x20 <= 'z' || c[0] >= 0x80) {
				return nil, fmt.Errorf("name %q does not begin with a letter", nv.Name)
			}
		}
		err := driver.ErrSkip
		if checker != nil {
			err = checker.CheckNamedValue(&nv)
		}
		if err == driver.ErrSkip && columns != nil && (want < 0 || nv.Ordinal <= want) {
			nv.Value, err = columns.ColumnConverter(nv.Ordinal - 1).ConvertValue(nv.Value)
		} else if err == driver.ErrSkip {
			nv.Value, err = driver.DefaultParameterConverter.ConvertValue(nv.Value)
		}
		if err == driver.ErrRemoveArgument {
			continue
		}
		if err != nil {
			which := fmt.Sprintf("$%d", nv.Ordinal)
			if nv.Name != "" {
				which = fmt.Sprintf("with name %q", nv.Name)
			}
			return nil, fmt.Errorf("sql: converting argument %s type: %w", which, err)
		}
		named = append(named, nv)
	}
	if want != -1 && len(named) != want {
		return nil, fmt.Errorf("sql: expected %d arguments, got %d", want, len(named))
	}
	return named, nil
}
