package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"time"
)

// Looks for an id, and returns as soon as it is found.
func has(db *sql.DB, wanted int) (bool, error) {
	rows, err := db.Query("select id")
	if err != nil {
		return false, err
	}
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			return false, err
		}
		if id == wanted {
			return true, nil
		}
	}
	return false, rows.Err()
}

func main() {
	db := sql.OpenDB(memory{})
	db.SetMaxOpenConns(2)
	for _, wanted := range []int{9, 2, 9, 1} {
		fmt.Println(has(db, wanted))
	}
	done := make(chan bool)
	go func() {
		fmt.Println(has(db, 3))
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Millisecond):
		fmt.Println("no connection; in use:", db.Stats().InUse)
	}
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
