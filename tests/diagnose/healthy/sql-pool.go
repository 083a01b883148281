// A database whose rows are closed: connections rest in the pool.
package main

import (
	"database/sql"
	"database/sql/driver"
	"io"
	"sync"
	"time"
)

type fake struct{}

func (fake) Open(string) (driver.Conn, error)               { return conn{}, nil }

type conn struct{}

func (conn) Prepare(string) (driver.Stmt, error) { return stmt{}, nil }
func (conn) Close() error                        { return nil }
func (conn) Begin() (driver.Tx, error)           { return nil, io.EOF }

type stmt struct{}

func (stmt) Close() error                                 { return nil }
func (stmt) NumInput() int                                { return 0 }
func (stmt) Exec([]driver.Value) (driver.Result, error)   { return nil, io.EOF }
func (stmt) Query([]driver.Value) (driver.Rows, error)    { return &rows{}, nil }

type rows struct{ n int }

func (*rows) Columns() []string { return []string{"n"} }
func (*rows) Close() error      { return nil }
func (r *rows) Next(to []driver.Value) error {
	if r.n++; r.n > 3 {
		return io.EOF
	}
	to[0] = int64(r.n)
	return nil
}

var (
	once sync.Once
	db   *sql.DB
)

func main() {
	once.Do(func() {
		sql.Register("fake", fake{})
		db, _ = sql.Open("fake", "")
		db.SetMaxOpenConns(4)
		db.SetConnMaxLifetime(time.Hour)
	})
	for i := 0; i < 10; i++ {
		found, err := db.Query("select n")
		if err != nil {
			panic(err)
		}
		for found.Next() {
		}
		found.Close()
	}
}
