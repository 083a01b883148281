package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"runtime"
	"time"
)

// Rows with a context are closed when it ends, by a goroutine of their own.
func main() {
	db := sql.OpenDB(memory{})
	ctx, cancel := context.WithCancel(context.Background())
	rows, err := db.QueryContext(ctx, "select id")
	fmt.Println(rows.Next(), err, "goroutines:", runtime.NumGoroutine(), "in use:", db.Stats().InUse)
	cancel()
	time.Sleep(10 * time.Millisecond)
	fmt.Println(rows.Next(), rows.Err(), "goroutines:", runtime.NumGoroutine(), "in use:", db.Stats().InUse)
	kept, stop := context.WithCancel(context.Background())
	defer stop()
	rows, _ = db.QueryContext(kept, "select id")
	fmt.Println(rows.Next(), "goroutines:", runtime.NumGoroutine())
	time.Sleep(10 * time.Millisecond)
	panic("look at the stacks")
}

// A driver in memory: three rows for every query.
type memory struct{}

func (memory) Connect(context.Context) (driver.Conn, error) { return conn{}, nil }
func (memory) Driver() driver.Driver                        { return nil }

type conn struct{}

func (conn) Prepare(string) (driver.Stmt, error) { return stmt{}, nil }
func (conn) Begin() (driver.Tx, error)           { return conn{}, nil }
func (conn) Commit() error                       { return nil }
func (conn) Rollback() error                     { return nil }
func (conn) Close() error                        { return nil }

type stmt struct{}

func (stmt) NumInput() int                              { return -1 }
func (stmt) Exec([]driver.Value) (driver.Result, error) { return driver.RowsAffected(1), nil }
func (stmt) Query([]driver.Value) (driver.Rows, error)  { return &rows{}, nil }
func (stmt) Close() error                               { return nil }

type rows struct{ read int }

func (r *rows) Columns() []string { return []string{"id"} }
func (r *rows) Close() error      { return nil }
func (r *rows) Next(dest []driver.Value) error {
	if r.read == 3 {
		return io.EOF
	}
	r.read++
	dest[0] = int64(r.read)
	return nil
}
