package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"
)

type mem struct{}

func (mem) Open(string) (driver.Conn, error)      { return mem{}, nil }
func (mem) Prepare(q string) (driver.Stmt, error) { return stmt{}, nil }
func (mem) Close() error                          { return nil }
func (mem) Begin() (driver.Tx, error)             { return mem{}, nil }
func (mem) Commit() error                         { return nil }
func (mem) Rollback() error                       { return nil }

type stmt struct{}

func (stmt) Close() error  { return nil }
func (stmt) NumInput() int { return -1 }
func (stmt) Exec(args []driver.Value) (driver.Result, error) {
	return driver.RowsAffected(len(args)), nil
}
func (stmt) Query(args []driver.Value) (driver.Rows, error) { return &rows{}, nil }

type rows struct{ n int }

func (r *rows) Columns() []string { return []string{"id", "name"} }
func (r *rows) Close() error      { return nil }
func (r *rows) Next(dest []driver.Value) error {
	if r.n == 3 {
		return io.EOF
	}
	r.n++
	dest[0], dest[1] = int64(r.n), fmt.Sprint("name", r.n)
	return nil
}

type ID int32

func main() {
	sql.Register("mem", mem{})
	db, err := sql.Open("mem", "")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(2)
	db.SetConnMaxLifetime(time.Hour)
	rs, err := db.Query("select", 1, "x", 2.5)
	fmt.Println(err)
	for rs.Next() {
		var id ID
		var name *string
		fmt.Println(rs.Scan(&id, &name), id, *name)
	}
	fmt.Println(rs.Err(), rs.Close(), rs.Scan())
	var n int
	fmt.Println(db.QueryRow("x").Scan(&n))
	var s sql.NullString
	fmt.Println(db.QueryRow("x").Scan(&n, &s), n, s)
	fmt.Println(db.QueryRow("x").Scan(&s, &n), n, s)
	fmt.Printf("%+v\n", db.Stats())
	ctx, cancel := context.WithCancel(context.Background())
	tx, err := db.BeginTx(ctx, nil)
	fmt.Println(err)
	st, err := tx.Prepare("p")
	res, err := st.Exec(1, 2)
	k, err2 := res.RowsAffected()
	fmt.Println(k, err, err2)
	r1, _ := tx.QueryContext(ctx, "q")
	r1.Next()
	r2, _ := db.QueryContext(ctx, "q")
	r2.Next()
	go func() {
		r3, err := db.Query("z")
		fmt.Println("late", r3 != nil, err)
		var i int
		r3.Next()
		r3.Scan(&i)
	}()
	time.Sleep(10 * time.Millisecond)
	fmt.Println("goroutines:", runtime.NumGoroutine())
	cancel()
	time.Sleep(10 * time.Millisecond)
	fmt.Println(tx.Commit(), r2.Next(), r2.Err(), r1.Err())
	fmt.Printf("%+v\n", func() any { st := db.Stats(); st.WaitDuration = 0; return st }())
	fmt.Println("goroutines:", runtime.NumGoroutine())
	db.Close()
	time.Sleep(10 * time.Millisecond)
	fmt.Println(db.Ping())
	fmt.Println("goroutines:", runtime.NumGoroutine())
}

type one struct {
	value driver.Value
	done  bool
}

func (o *one) Columns() []string { return []string{"v"} }
func (o *one) Close() error      { return nil }
func (o *one) Next(dest []driver.Value) error {
	if o.done {
		return io.EOF
	}
	o.done = true
	dest[0] = o.value
	return nil
}

type asking struct{ mem }

func (asking) Connect(context.Context) (driver.Conn, error) { return asking{}, nil }
func (asking) Driver() driver.Driver                        { return mem{} }
func (asking) Query(q string, args []driver.Value) (driver.Rows, error) {
	if q == "bad" {
		return nil, driver.ErrBadConn
	}
	return &one{value: args[0]}, nil
}

type valuer struct{}

func (valuer) Value() (driver.Value, error) { return "from valuer", nil }

type scanner struct{ got any }

func (s *scanner) Scan(v any) error { s.got = v; return errors.New("no") }

func init() {
	db := sql.OpenDB(asking{})
	defer db.Close()
	when := time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)
	nine, name := 9, "nine"
	type text string
	for _, v := range []any{nil, 7, int8(-3), uint(8), uint64(1 << 63), 2.5, float32(1.5), true, "12", "x", []byte("34"), when, &nine, &name, valuer{}, text("t"), ID(5), []int{1}, struct{}{}, (*int)(nil)} {
		var i int
		var i8 int8
		var u uint16
		var f float32
		var s string
		var b []byte
		var ok bool
		var a any
		var t time.Time
		var p *int
		var ps *string
		var id ID
		var tx text
		var null sql.NullInt64
		var gen sql.Null[string]
		var own scanner
		for _, dest := range []any{&i, &i8, &u, &f, &s, &b, &ok, &a, &t, &p, &ps, &id, &tx, &null, &gen, &own, i, nil, (*int)(nil)} {
			if err := db.QueryRow("q", v).Scan(dest); err != nil {
				fmt.Printf("%T to %T: %v\n", v, dest, err)
			}
		}
		fmt.Println(i, i8, u, f, s, b, ok, a, t, p != nil, ps != nil, id, tx, null, gen, own)
	}
	_, err := db.Query("bad", 1)
	fmt.Println(err, errors.Is(err, driver.ErrBadConn))
	_, err = db.Query("q", sql.Named("who", 1))
	fmt.Println(err)
	fmt.Println(db.BeginTx(context.Background(), &sql.TxOptions{Isolation: sql.LevelSnapshot}))
	fmt.Println(sql.LevelSnapshot, sql.IsolationLevel(20), sql.Drivers())
	_, err = sql.Open("none", "")
	fmt.Println(err)
	fmt.Println(driver.Bool.ConvertValue("maybe"))
	fmt.Println(driver.Int32.ConvertValue(1 << 40))
	fmt.Println(driver.NotNull{Converter: driver.String}.ConvertValue(nil))
}
