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

// Ping, limits of age, and what a closed pool says.
func main() {
	db := sql.OpenDB(memory{})
	db.SetConnMaxIdleTime(time.Minute)
	fmt.Println(db.Ping(), "goroutines:", runtime.NumGoroutine())
	rows, _ := db.Query("select id")
	fmt.Println(db.Close(), db.Close(), db.Ping())
	fmt.Println(rows.Next(), rows.Close(), "open:", db.Stats().OpenConnections)
	time.Sleep(100 * time.Millisecond)
	fmt.Println("goroutines:", runtime.NumGoroutine())
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
