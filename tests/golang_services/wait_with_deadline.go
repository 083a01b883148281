package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"time"
)

// Waits for a connection no longer than its context.
func main() {
	db := sql.OpenDB(memory{})
	defer db.Close()
	db.SetMaxOpenConns(1)
	held, err := db.Conn(context.Background())
	fmt.Println(err)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err = db.QueryContext(ctx, "select id")
	fmt.Println(err, errors.Is(err, context.DeadlineExceeded))
	fmt.Println("waited:", db.Stats().WaitCount)
	go func() {
		time.Sleep(20 * time.Millisecond)
		held.Close()
	}()
	rows, err := db.QueryContext(context.Background(), "select id")
	fmt.Println(err, "waited:", db.Stats().WaitCount)
	rows.Close()
	fmt.Println(held.PingContext(context.Background()))
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
