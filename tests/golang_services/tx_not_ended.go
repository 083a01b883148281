package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"time"
)

// Moves money, and forgets the transaction when something is wrong.
func transfer(db *sql.DB, amount int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if amount < 0 {
		return fmt.Errorf("bad amount %d", amount)
	}
	if _, err := tx.Exec("update accounts", amount); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

func main() {
	db := sql.OpenDB(memory{})
	db.SetMaxOpenConns(2)
	for _, amount := range []int{5, -1, -2} {
		fmt.Println(transfer(db, amount))
	}
	go func() { fmt.Println(transfer(db, 7)) }()
	time.Sleep(20 * time.Millisecond)
	fmt.Println("in use:", db.Stats().InUse)
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
