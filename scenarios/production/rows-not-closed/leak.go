// Handlers read one row each, and do not close the rows.
package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"runtime"
	"time"
)

const n = 6
const conns = 3

// A database in memory: connector, connection and rows in one. Every row says Ada.
type memory struct{}

func (memory) Connect(context.Context) (driver.Conn, error)      { return memory{}, nil }
func (memory) Driver() driver.Driver                             { return nil }
func (memory) Prepare(string) (driver.Stmt, error)               { return nil, driver.ErrSkip }
func (memory) Begin() (driver.Tx, error)                         { return nil, driver.ErrSkip }
func (memory) Query(string, []driver.Value) (driver.Rows, error) { return memory{}, nil }
func (memory) Columns() []string                                 { return []string{"name"} }
func (memory) Next(dest []driver.Value) error                    { dest[0] = "Ada"; return nil }
func (memory) Close() error                                      { return nil }

func handle(db *sql.DB) {
	rows, err := db.Query("select name from users") // Notice: who gives the connection back?
	if err != nil {
		return
	}
	if rows.Next() { // one is enough
		var name string
		rows.Scan(&name)
		fmt.Println("hello", name)
	}
}

func main() {
	db := sql.OpenDB(memory{})
	db.SetMaxOpenConns(conns)
	for i := 0; i < n; i++ {
		go handle(db)
	}
	time.Sleep(10 * time.Millisecond)
	fmt.Println("requests that still wait:", runtime.NumGoroutine()-2)
}
