package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// QueryRow, ErrNoRows and a Row that is never scanned.
func main() {
	db := sql.OpenDB(memory{})
	defer db.Close()
	db.SetMaxOpenConns(1)
	var id int
	fmt.Println(db.QueryRow("select id").Scan(&id), id)
	fmt.Println("in use:", db.Stats().InUse)
	row := db.QueryRow("select id")
	fmt.Println(row.Err(), "in use:", db.Stats().InUse)
	var text []byte
	fmt.Println(row.Scan(&text), string(text), "in use:", db.Stats().InUse)
	fmt.Println(errors.Is(sql.ErrNoRows, sql.ErrNoRows), sql.ErrNoRows)
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
