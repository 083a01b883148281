package sql

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// A DB is a pool of connections.
type DB struct {
	connector driver.Connector
	stop      func()        // ends the connectionOpener
	openerCh  chan struct{} // one value for each connection to open

	waitDuration atomic.Int64
	numClosed    atomic.Uint64 // connections closed since; tells statements to look for their own

	mu           sync.Mutex // guards what follows
	closed       bool
	freeConn     []*driverConn
	connRequests map[chan connRequest]struct{} // those who wait; Go, too, takes any of them
	numOpen      int                           // open or being opened
	cleanerCh    chan struct{}                 // nil: there is no connectionCleaner

	maxIdleCount      int // 0: two; negative: none
	maxOpen           int // 0: no limit
	maxLifetime       time.Duration
	maxIdleTime       time.Duration
	waitCount         int64
	maxIdleClosed     int64
	maxIdleTimeClosed int64
	maxLifetimeClosed int64
}

// connectionRequestQueueSize is so large that nobody waits to send on openerCh.
const connectionRequestQueueSize = 1000000

// Of what follows the program sees nothing; explanations do. made notes which call of the program
// made a pool, taken for what a connection was taken ("" when it comes back), and worksFor for
// which call the goroutine works that is started next.
func made(db *DB)
func taken(db *DB, dc *driverConn, what string)
func worksFor()

// A connRequest is what a waiter gets: a connection or an error.
type connRequest struct {
	conn *driverConn
	err  error
}

type connReuseStrategy uint8

const (
	alwaysNewConn connReuseStrategy = iota
	cachedOrNewConn
)

// A driverConn is a connection of the pool. Its mutex is held during calls of the driver.
type driverConn struct {
	db        *DB
	createdAt time.Time

	sync.Mutex  // guards what follows
	ci          driver.Conn
	needReset   bool
	closed      bool
	finalClosed bool
	openStmt    []*driverStmt

	// guarded by db.mu
	inUse      bool
	dbmuClosed bool
	returnedAt time.Time
	onPut      []func()
}

func newDriverConn(db *DB, ci driver.Conn) *driverConn {
	return &driverConn{db: db, ci: ci, createdAt: time.Now(), returnedAt: time.Now()}
}

func (dc *driverConn) releaseConn(err error) { dc.db.putConn(dc, err, true) }

func (dc *driverConn) expired(timeout time.Duration) bool {
	return timeout > 0 && dc.createdAt.Add(timeout).Before(time.Now())
}

func (dc *driverConn) resetSession(ctx context.Context) error {
	dc.Lock()
	defer dc.Unlock()
	if cr, ok := dc.ci.(driver.SessionResetter); ok && dc.needReset {
		return cr.ResetSession(ctx)
	}
	return nil
}

func (dc *driverConn) validateConnection(needsReset bool) bool {
	dc.Lock()
	defer dc.Unlock()
	dc.needReset = dc.needReset || needsReset
	if cv, ok := dc.ci.(driver.Validator); ok {
		return cv.IsValid()
	}
	return true
}

// prepareLocked prepares a statement; those that belong to no transaction are closed with dc.
func (dc *driverConn) prepareLocked(ctx context.Context, cg stmtConnGrabber, query string) (*driverStmt, error) {
	si, err := ctxDriverPrepare(ctx, dc.ci, query)
	if err != nil {
		return nil, err
	}
	ds := &driverStmt{Locker: dc, si: si}
	if cg == nil {
		dc.openStmt = append(dc.openStmt, ds)
	}
	return ds, nil
}

func (dc *driverConn) removeOpenStmt(ds *driverStmt) {
	dc.Lock()
	defer dc.Unlock()
	for i, open := range dc.openStmt {
		if open == ds {
			dc.openStmt = append(dc.openStmt[:i:i], dc.openStmt[i+1:]...)
			return
		}
	}
}

// markClosed reports whether dc was open until now.
func (dc *driverConn) markClosed() bool {
	dc.Lock()
	defer dc.Unlock()
	was := dc.closed
	dc.closed = true
	return !was
}

func (dc *driverConn) Close() error {
	if !dc.markClosed() {
		return errors.New("sql: duplicate driverConn close")
	}
	dc.db.mu.Lock()
	dc.dbmuClosed = true
	dc.db.mu.Unlock()
	return dc.finalClose()
}

func (dc *driverConn) finalClose() error {
	var open []*driverStmt
	withLock(dc, func() {
		open, dc.openStmt = dc.openStmt, nil
	})
	for _, ds := range open {
		ds.Close()
	}
	var err error
	withLock(dc, func() {
		dc.finalClosed = true
		err = dc.ci.Close()
		dc.ci = nil
	})
	dc.db.mu.Lock()
	dc.db.numOpen--
	dc.db.maybeOpenNewConnections()
	dc.db.mu.Unlock()
	dc.db.numClosed.Add(1)
	return err
}

// ---- opening and closing ----

type dsnConnector struct {
	dsn    string
	driver driver.Driver
}

func (t dsnConnector) Connect(context.Context) (driver.Conn, error) { return t.driver.Open(t.dsn) }
func (t dsnConnector) Driver() driver.Driver                        { return t.driver }

// Open makes a pool; no connection is opened yet.
func Open(driverName, dataSourceName string) (*DB, error) {
	driversMu.RLock()
	d, ok := drivers[driverName]
	driversMu.RUnlock()
	if !ok {
		return nil, fmt.Errorf("sql: unknown driver %q (forgotten import?)", driverName)
	}
	if with, ok := d.(driver.DriverContext); ok {
		connector, err := with.OpenConnector(dataSourceName)
		if err != nil {
			return nil, err
		}
		return OpenDB(connector), nil
	}
	return OpenDB(dsnConnector{dsn: dataSourceName, driver: d}), nil
}

func OpenDB(c driver.Connector) *DB {
	ctx, cancel := context.WithCancel(context.Background())
	db := &DB{
		connector:    c,
		stop:         cancel,
		openerCh:     make(chan struct{}, connectionRequestQueueSize),
		connRequests: map[chan connRequest]struct{}{},
	}
	made(db)
	worksFor()
	go db.connectionOpener(ctx)
	return db
}

func (db *DB) Driver() driver.Driver { return db.connector.Driver() }

// Close closes the idle connections and ends the goroutines of the pool.
func (db *DB) Close() error {
	db.mu.Lock()
	if db.closed {
		db.mu.Unlock()
		return nil
	}
	db.closed = true
	if db.cleanerCh != nil {
		close(db.cleanerCh)
	}
	var closing []*driverConn
	for _, dc := range db.freeConn {
		if dc.markClosed() {
			closing = append(closing, dc)
		}
	}
	db.freeConn = nil
	for req := range db.connRequests {
		close(req)
	}
	clear(db.connRequests)
	db.mu.Unlock()

	var err error
	for _, dc := range closing {
		if err1 := dc.finalClose(); err1 != nil {
			err = err1
		}
	}
	db.stop()
	if c, ok := db.connector.(io.Closer); ok {
		if err1 := c.Close(); err1 != nil {
			err = err1
		}
	}
	return err
}

// maybeOpenNewConnections has connections opened for those who wait. db.mu is held.
func (db *DB) maybeOpenNewConnections() {
	wanted := len(db.connRequests)
	if db.maxOpen > 0 {
		wanted = min(wanted, db.maxOpen-db.numOpen)
	}
	for ; wanted > 0; wanted-- {
		db.numOpen++ // the connection is as good as open
		if db.closed {
			return
		}
		db.openerCh <- struct{}{}
	}
}

// connectionOpener opens connections for those who wait, until the pool is closed.
func (db *DB) connectionOpener(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-db.openerCh:
			db.openNewConnection(ctx)
		}
	}
}

func (db *DB) openNewConnection(ctx context.Context) {
	ci, err := db.connector.Connect(ctx)
	db.mu.Lock()
	defer db.mu.Unlock()
	switch {
	case db.closed:
		if err == nil {
			ci.Close()
		}
		db.numOpen--
	case err != nil:
		db.numOpen--
		db.putConnDBLocked(nil, err)
		db.maybeOpenNewConnections()
	case !db.putConnDBLocked(newDriverConn(db, ci), nil):
		db.numOpen--
		ci.Close()
	}
}

// ---- limits ----

const defaultMaxIdleConns = 2

func (db *DB) maxIdleConnsLocked() int {
	if db.maxIdleCount == 0 {
		return defaultMaxIdleConns
	}
	return max(db.maxIdleCount, 0)
}

func (db *DB) shortestIdleTimeLocked() time.Duration {
	if db.maxIdleTime <= 0 {
		return db.maxLifetime
	}
	if db.maxLifetime <= 0 {
		return db.maxIdleTime
	}
	return min(db.maxIdleTime, db.maxLifetime)
}

func (db *DB) SetMaxIdleConns(n int) {
	db.mu.Lock()
	db.maxIdleCount = -1
	if n > 0 {
		db.maxIdleCount = n
	}
	if db.maxOpen > 0 && db.maxIdleConnsLocked() > db.maxOpen {
		db.maxIdleCount = db.maxOpen
	}
	var closing []*driverConn
	if most := db.maxIdleConnsLocked(); len(db.freeConn) > most {
		closing = db.freeConn[most:]
		db.freeConn = db.freeConn[:most]
	}
	db.maxIdleClosed += int64(len(closing))
	db.mu.Unlock()
	for _, dc := range closing {
		dc.Close()
	}
}

func (db *DB) SetMaxOpenConns(n int) {
	db.mu.Lock()
	db.maxOpen = max(n, 0)
	lower := db.maxOpen > 0 && db.maxIdleConnsLocked() > db.maxOpen
	db.mu.Unlock()
	if lower {
		db.SetMaxIdleConns(n)
	}
}

func (db *DB) SetConnMaxLifetime(d time.Duration) {
	db.mu.Lock()
	db.wakeCleanerLocked(d)
	db.maxLifetime = max(d, 0)
	db.startCleanerLocked()
	db.mu.Unlock()
}

func (db *DB) SetConnMaxIdleTime(d time.Duration) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.wakeCleanerLocked(d)
	db.maxIdleTime = max(d, 0)
	db.startCleanerLocked()
}

// ---- the connectionCleaner ----

func (db *DB) wakeCleanerLocked(d time.Duration) {
	if d > 0 && d < db.shortestIdleTimeLocked() && db.cleanerCh != nil {
		select {
		case db.cleanerCh <- struct{}{}:
		default:
		}
	}
}

func (db *DB) startCleanerLocked() {
	if (db.maxLifetime > 0 || db.maxIdleTime > 0) && db.numOpen > 0 && db.cleanerCh == nil {
		db.cleanerCh = make(chan struct{}, 1)
		worksFor()
		go db.connectionCleaner(db.shortestIdleTimeLocked())
	}
}

// connectionCleaner closes idle connections that are too old, at most once a second.
func (db *DB) connectionCleaner(d time.Duration) {
	t := time.NewTimer(max(d, time.Second))
	for {
		select {
		case <-t.C:
		case <-db.cleanerCh: // a limit has changed, or the pool is closed
		}
		db.mu.Lock()
		d = db.shortestIdleTimeLocked()
		if db.closed || db.numOpen == 0 || d <= 0 {
			db.cleanerCh = nil
			db.mu.Unlock()
			return
		}
		d, closing := db.connectionCleanerRunLocked(d)
		db.mu.Unlock()
		for _, dc := range closing {
			dc.Close()
		}
		if !t.Stop() {
			select {
			case <-t.C:
			default:
			}
		}
		t.Reset(max(d, time.Second))
	}
}

// connectionCleanerRunLocked takes out what is too old, and returns when to look again.
func (db *DB) connectionCleanerRunLocked(d time.Duration) (time.Duration, []*driverConn) {
	var closing, kept []*driverConn
	now := time.Now()
	for _, dc := range db.freeConn { // the one that is idle longest is the first
		switch {
		case db.maxIdleTime > 0 && dc.returnedAt.Before(now.Add(-db.maxIdleTime)):
			db.maxIdleTimeClosed++
			closing = append(closing, dc)
			continue
		case db.maxLifetime > 0 && dc.createdAt.Before(now.Add(-db.maxLifetime)):
			db.maxLifetimeClosed++
			closing = append(closing, dc)
			continue
		}
		kept = append(kept, dc)
		if db.maxIdleTime > 0 {
			d = min(d, dc.returnedAt.Add(db.maxIdleTime).Sub(now))
		}
		if db.maxLifetime > 0 {
			d = min(d, dc.createdAt.Add(db.maxLifetime).Sub(now))
		}
	}
	db.freeConn = kept
	return d, closing
}

// DBStats tells how a pool does.
type DBStats struct {
	MaxOpenConnections int

	OpenConnections int
	InUse           int
	Idle            int

	WaitCount         int64
	WaitDuration      time.Duration
	MaxIdleClosed     int64
	MaxIdleTimeClosed int64
	MaxLifetimeClosed int64
}

func (db *DB) Stats() DBStats {
	wait := db.waitDuration.Load()
	db.mu.Lock()
	defer db.mu.Unlock()
	return DBStats{
		MaxOpenConnections: db.maxOpen,
		Idle:               len(db.freeConn),
		OpenConnections:    db.numOpen,
		InUse:              db.numOpen - len(db.freeConn),
		WaitCount:          db.waitCount,
		WaitDuration:       time.Duration(wait),
		MaxIdleClosed:      db.maxIdleClosed,
		MaxIdleTimeClosed:  db.maxIdleTimeClosed,
		MaxLifetimeClosed:  db.maxLifetimeClosed,
	}
}

// ---- taking a connection and giving it back ----

// conn takes an idle connection, opens one, or waits until somebody gives one back.
func (db *DB) conn(ctx context.Context, strategy connReuseStrategy) (*driverConn, error) {
	db.mu.Lock()
	if db.closed {
		db.mu.Unlock()
		return nil, errDBClosed
	}
	if err := ended(ctx); err != nil {
		db.mu.Unlock()
		return nil, err
	}
	lifetime := db.maxLifetime

	if last := len(db.freeConn) - 1; strategy == cachedOrNewConn && last >= 0 {
		dc := db.freeConn[last]
		db.freeConn = db.freeConn[:last]
		dc.inUse = true
		if dc.expired(lifetime) {
			db.maxLifetimeClosed++
			db.mu.Unlock()
			dc.Close()
			return nil, driver.ErrBadConn
		}
		db.mu.Unlock()
		if err := dc.resetSession(ctx); errors.Is(err, driver.ErrBadConn) {
			dc.Close()
			return nil, err
		}
		return dc, nil
	}

	if db.maxOpen > 0 && db.numOpen >= db.maxOpen {
		req := make(chan connRequest, 1)
		db.connRequests[req] = struct{}{}
		db.waitCount++
		db.mu.Unlock()
		since := time.Now()

		select {
		case <-ctx.Done():
			db.mu.Lock()
			delete(db.connRequests, req)
			db.mu.Unlock()
			db.waitDuration.Add(int64(time.Since(since)))
			select {
			default:
			case got, ok := <-req: // it came all the same
				if ok && got.conn != nil {
					db.putConn(got.conn, got.err, false)
				}
			}
			return nil, ctx.Err()
		case got, ok := <-req:
			db.waitDuration.Add(int64(time.Since(since)))
			if !ok {
				return nil, errDBClosed
			}
			if strategy == cachedOrNewConn && got.err == nil && got.conn.expired(lifetime) {
				db.mu.Lock()
				db.maxLifetimeClosed++
				db.mu.Unlock()
				got.conn.Close()
				return nil, driver.ErrBadConn
			}
			if got.conn == nil {
				return nil, got.err
			}
			if err := got.conn.resetSession(ctx); errors.Is(err, driver.ErrBadConn) {
				got.conn.Close()
				return nil, err
			}
			return got.conn, got.err
		}
	}

	db.numOpen++
	db.mu.Unlock()
	ci, err := db.connector.Connect(ctx)
	db.mu.Lock()
	defer db.mu.Unlock()
	if err != nil {
		db.numOpen--
		db.maybeOpenNewConnections()
		return nil, err
	}
	dc := newDriverConn(db, ci)
	dc.inUse = true
	return dc, nil
}

// putConn gives a connection back to the pool, or closes it when it is bad or one too many.
func (db *DB) putConn(dc *driverConn, err error, resetSession bool) {
	if !errors.Is(err, driver.ErrBadConn) && !dc.validateConnection(resetSession) {
		err = driver.ErrBadConn
	}
	db.mu.Lock()
	if !dc.inUse {
		db.mu.Unlock()
		panic("sql: connection returned that was never out")
	}
	if !errors.Is(err, driver.ErrBadConn) && dc.expired(db.maxLifetime) {
		db.maxLifetimeClosed++
		err = driver.ErrBadConn
	}
	dc.inUse = false
	taken(db, dc, "")
	dc.returnedAt = time.Now()
	for _, fn := range dc.onPut {
		fn()
	}
	dc.onPut = nil
	kept := false
	if errors.Is(err, driver.ErrBadConn) {
		db.maybeOpenNewConnections()
	} else {
		kept = db.putConnDBLocked(dc, nil)
	}
	db.mu.Unlock()
	if !kept {
		dc.Close()
	}
}

// putConnDBLocked hands a connection, or the error of opening one, to one who waits, or puts it to
// the idle ones; it reports whether it did.
func (db *DB) putConnDBLocked(dc *driverConn, err error) bool {
	if db.closed || db.maxOpen > 0 && db.numOpen > db.maxOpen {
		return false
	}
	for req := range db.connRequests {
		delete(db.connRequests, req)
		if err == nil {
			dc.inUse = true
		}
		req <- connRequest{conn: dc, err: err}
		return true
	}
	if err != nil {
		return false
	}
	if db.maxIdleConnsLocked() > len(db.freeConn) {
		db.freeConn = append(db.freeConn, dc)
		db.startCleanerLocked()
		return true
	}
	db.maxIdleClosed++
	return false
}

const maxBadConnRetries = 2

// retry tries twice with connections of the pool, and then with a new one.
func (db *DB) retry(fn func(strategy connReuseStrategy) error) error {
	for i := 0; i < maxBadConnRetries; i++ {
		if err := fn(cachedOrNewConn); err == nil || !errors.Is(err, driver.ErrBadConn) {
			return err
		}
	}
	return fn(alwaysNewConn)
}

// ---- what a program asks of a pool ----

func (db *DB) PingContext(ctx context.Context) error {
	var dc *driverConn
	err := db.retry(func(strategy connReuseStrategy) (err error) {
		dc, err = db.conn(ctx, strategy)
		return err
	})
	if err != nil {
		return err
	}
	return db.pingDC(ctx, dc, dc.releaseConn)
}

func (db *DB) Ping() error { return db.PingContext(context.Background()) }

func (db *DB) pingDC(ctx context.Context, dc *driverConn, release func(error)) error {
	var err error
	if pinger, ok := dc.ci.(driver.Pinger); ok {
		withLock(dc, func() {
			err = pinger.Ping(ctx)
		})
	}
	release(err)
	return err
}

func (db *DB) PrepareContext(ctx context.Context, query string) (*Stmt, error) {
	var stmt *Stmt
	err := db.retry(func(strategy connReuseStrategy) (err error) {
		stmt, err = db.prepare(ctx, query, strategy)
		return err
	})
	return stmt, err
}

func (db *DB) Prepare(query string) (*Stmt, error) {
	return db.PrepareContext(context.Background(), query)
}

func (db *DB) prepare(ctx context.Context, query string, strategy connReuseStrategy) (*Stmt, error) {
	dc, err := db.conn(ctx, strategy)
	if err != nil {
		return nil, err
	}
	return db.prepareDC(ctx, dc, dc.releaseConn, nil, query)
}

func (db *DB) prepareDC(ctx context.Context, dc *driverConn, release func(error), cg stmtConnGrabber, query string) (*Stmt, error) {
	var ds *driverStmt
	var err error
	defer func() { release(err) }()
	withLock(dc, func() {
		ds, err = dc.prepareLocked(ctx, cg, query)
	})
	if err != nil {
		return nil, err
	}
	stmt := &Stmt{db: db, query: query, cg: cg, cgds: ds}
	if cg == nil {
		stmt.css = []connStmt{{dc, ds}}
		stmt.lastNumClosed = db.numClosed.Load()
		stmt.hold()
	}
	return stmt, nil
}

func (db *DB) ExecContext(ctx context.Context, query string, args ...any) (Result, error) {
	var res Result
	err := db.retry(func(strategy connReuseStrategy) (err error) {
		res, err = db.exec(ctx, query, args, strategy)
		return err
	})
	return res, err
}

func (db *DB) Exec(query string, args ...any) (Result, error) {
	return db.ExecContext(context.Background(), query, args...)
}

func (db *DB) exec(ctx context.Context, query string, args []any, strategy connReuseStrategy) (Result, error) {
	dc, err := db.conn(ctx, strategy)
	if err != nil {
		return nil, err
	}
	return db.execDC(ctx, dc, dc.releaseConn, query, args)
}

func (db *DB) execDC(ctx context.Context, dc *driverConn, release func(error), query string, args []any) (res Result, err error) {
	defer func() { release(err) }()
	_, direct := dc.ci.(driver.Execer)
	if _, ok := dc.ci.(driver.ExecerContext); ok || direct {
		var resi driver.Result
		withLock(dc, func() {
			var named []driver.NamedValue
			if named, err = driverArgsConnLocked(dc.ci, nil, args); err == nil {
				resi, err = ctxDriverExec(ctx, dc.ci, query, named)
			}
		})
		if err == nil {
			return driverResult{dc, resi}, nil
		}
		if err != driver.ErrSkip {
			return nil, err
		}
	}

	var si driver.Stmt
	withLock(dc, func() {
		si, err = ctxDriverPrepare(ctx, dc.ci, query)
	})
	if err != nil {
		return nil, err
	}
	ds := &driverStmt{Locker: dc, si: si}
	defer ds.Close()
	return resultFromStatement(ctx, dc.ci, ds, args...)
}

func (db *DB) QueryContext(ctx context.Context, query string, args ...any) (*Rows, error) {
	var rows *Rows
	err := db.retry(func(strategy connReuseStrategy) (err error) {
		rows, err = db.query(ctx, query, args, strategy)
		return err
	})
	return rows, err
}

func (db *DB) Query(query string, args ...any) (*Rows, error) {
	return db.QueryContext(context.Background(), query, args...)
}

func (db *DB) query(ctx context.Context, query string, args []any, strategy connReuseStrategy) (*Rows, error) {
	dc, err := db.conn(ctx, strategy)
	if err != nil {
		return nil, err
	}
	return db.queryDC(ctx, nil, dc, dc.releaseConn, query, args)
}

func (db *DB) queryDC(ctx, txctx context.Context, dc *driverConn, releaseConn func(error), query string, args []any) (*Rows, error) {
	var rowsi driver.Rows
	var ds *driverStmt
	err := driver.ErrSkip
	_, direct := dc.ci.(driver.Queryer)
	if _, ok := dc.ci.(driver.QueryerContext); ok || direct {
		withLock(dc, func() {
			var named []driver.NamedValue
			if named, err = driverArgsConnLocked(dc.ci, nil, args); err == nil {
				rowsi, err = ctxDriverQuery(ctx, dc.ci, query, named)
			}
		})
	}
	if err == driver.ErrSkip {
		var si driver.Stmt
		withLock(dc, func() {
			si, err = ctxDriverPrepare(ctx, dc.ci, query)
		})
		if err == nil {
			ds = &driverStmt{Locker: dc, si: si}
			if rowsi, err = rowsiFromStatement(ctx, dc.ci, ds, args...); err != nil {
				ds.Close()
			}
		}
	}
	if err != nil {
		releaseConn(err)
		return nil, err
	}
	// It is for the Rows to release the connection.
	if txctx == nil {
		taken(db, dc, "rows")
	}
	rows := &Rows{dc: dc, releaseConn: releaseConn, rowsi: rowsi, closeStmt: ds}
	rows.initContextClose(ctx, txctx)
	return rows, nil
}

func (db *DB) QueryRowContext(ctx context.Context, query string, args ...any) *Row {
	rows, err := db.QueryContext(ctx, query, args...)
	return &Row{rows: rows, err: err}
}

func (db *DB) QueryRow(query string, args ...any) *Row {
	return db.QueryRowContext(context.Background(), query, args...)
}

func (db *DB) BeginTx(ctx context.Context, opts *TxOptions) (*Tx, error) {
	var tx *Tx
	err := db.retry(func(strategy connReuseStrategy) (err error) {
		tx, err = db.begin(ctx, opts, strategy)
		return err
	})
	return tx, err
}

func (db *DB) Begin() (*Tx, error) { return db.BeginTx(context.Background(), nil) }

func (db *DB) begin(ctx context.Context, opts *TxOptions, strategy connReuseStrategy) (*Tx, error) {
	dc, err := db.conn(ctx, strategy)
	if err != nil {
		return nil, err
	}
	return db.beginDC(ctx, dc, dc.releaseConn, opts)
}

func (db *DB) beginDC(ctx context.Context, dc *driverConn, release func(error), opts *TxOptions) (*Tx, error) {
	var txi driver.Tx
	var err error
	keep := false
	withLock(dc, func() {
		_, resets := dc.ci.(driver.SessionResetter)
		_, validates := dc.ci.(driver.Validator)
		keep = resets && validates
		txi, err = ctxDriverBegin(ctx, opts, dc.ci)
	})
	if err != nil {
		release(err)
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	tx := &Tx{
		db:                 db,
		dc:                 dc,
		releaseConn:        release,
		txi:                txi,
		cancel:             cancel,
		keepConnOnRollback: keep,
		ctx:                ctx,
	}
	taken(db, dc, "tx")
	worksFor()
	go tx.awaitDone()
	return tx, nil
}

func (db *DB) Conn(ctx context.Context) (*Conn, error) {
	var dc *driverConn
	err := db.retry(func(strategy connReuseStrategy) (err error) {
		dc, err = db.conn(ctx, strategy)
		return err
	})
	if err != nil {
		return nil, err
	}
	taken(db, dc, "conn")
	return &Conn{db: db, dc: dc}, nil
}
