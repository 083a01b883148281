package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"sync"
)

// A prepared statement, used by several goroutines at a time, and in a transaction.
func main() {
	db := sql.OpenDB(memory{})
	defer db.Close()
	stmt, err := db.Prepare("select id")
	fmt.Println(err)
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for i := 0; i < 4; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var id int
			if err := stmt.QueryRow(i).Scan(&id); err != nil {
				fmt.Println(err)
			}
			mu.Lock()
			defer mu.Unlock()
			sum += id
		}()
	}
	wg.Wait()
	tx, _ := db.Begin()
	res, err := tx.Stmt(stmt).Exec(1)
	n, _ := res.RowsAffected()
	fmt.Println(sum, n, err, tx.Rollback(), tx.Commit())
	fmt.Println(stmt.Close(), stmt.Close())
	_, err = stmt.Query()
	fmt.Println(err, "in use:", db.Stats().InUse)
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
