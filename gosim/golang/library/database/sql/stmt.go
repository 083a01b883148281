package sql

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync"
)

// A driverStmt is a statement prepared on one connection.
type driverStmt struct {
	sync.Locker // the connection
	si          driver.Stmt
	closed      bool
	closeErr    error
}

func (ds *driverStmt) Close() error {
	ds.Lock()
	defer ds.Unlock()
	if !ds.closed {
		ds.closed = true
		ds.closeErr = ds.si.Close()
	}
	return ds.closeErr
}

type connStmt struct {
	dc *driverConn
	ds *driverStmt
}

// A Stmt is a prepared statement: of one Conn or Tx, or of a pool, then prepared again on each
// connection that it meets.
type Stmt struct {
	db        *DB
	query     string
	stickyErr error

	closemu closingMutex // held for reading while the statement is used

	cg         stmtConnGrabber // nil: it is one of the pool
	cgds       *driverStmt
	parentStmt *Stmt

	users int // itself, rows, and statements of transactions; guarded by db.mu

	mu            sync.Mutex // guards what follows
	closed        bool
	css           []connStmt
	lastNumClosed uint64
}

// hold and drop count who needs the statement; without any it is closed where it is prepared.
func (s *Stmt) hold() {
	s.db.mu.Lock()
	defer s.db.mu.Unlock()
	s.users++
}

func (s *Stmt) drop() error {
	s.db.mu.Lock()
	s.users--
	last := s.users == 0
	s.db.mu.Unlock()
	if last {
		return s.finalClose()
	}
	return nil
}

func (s *Stmt) on(dc *driverConn) *driverStmt {
	for _, v := range s.css {
		if v.dc == dc {
			return v.ds
		}
	}
	return nil
}

// removeClosedStmtLocked forgets statements of connections that are closed, now and then.
func (s *Stmt) removeClosedStmtLocked() {
	closed := s.db.numClosed.Load()
	if closed-s.lastNumClosed < uint64(min(len(s.css)/2+1, 10)) {
		return
	}
	s.db.mu.Lock()
	var kept []connStmt
	for _, v := range s.css {
		if !v.dc.dbmuClosed {
			kept = append(kept, v)
		}
	}
	s.css = kept
	s.db.mu.Unlock()
	s.lastNumClosed = closed
}

func (s *Stmt) connStmt(ctx context.Context, strategy connReuseStrategy) (*driverConn, func(error), *driverStmt, error) {
	if s.stickyErr != nil {
		return nil, nil, nil, s.stickyErr
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, nil, nil, errors.New("sql: statement is closed")
	}
	if s.cg != nil {
		s.mu.Unlock()
		dc, release, err := s.cg.grabConn(ctx)
		return dc, release, s.cgds, err
	}
	s.removeClosedStmtLocked()
	s.mu.Unlock()

	dc, err := s.db.conn(ctx, strategy)
	if err != nil {
		return nil, nil, nil, err
	}
	s.mu.Lock()
	ds := s.on(dc)
	s.mu.Unlock()
	if ds == nil {
		withLock(dc, func() {
			ds, err = s.prepareOnConnLocked(ctx, dc)
		})
		if err != nil {
			dc.releaseConn(err)
			return nil, nil, nil, err
		}
	}
	return dc, dc.releaseConn, ds, nil
}

func (s *Stmt) prepareOnConnLocked(ctx context.Context, dc *driverConn) (*driverStmt, error) {
	ds, err := dc.prepareLocked(ctx, s.cg, s.query)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.css = append(s.css, connStmt{dc, ds})
	s.mu.Unlock()
	return ds, nil
}

func (s *Stmt) ExecContext(ctx context.Context, args ...any) (Result, error) {
	s.closemu.RLock()
	defer s.closemu.RUnlock()
	if s.stickyErr != nil {
		return nil, s.stickyErr
	}
	var res Result
	err := s.db.retry(func(strategy connReuseStrategy) error {
		dc, release, ds, err := s.connStmt(ctx, strategy)
		if err != nil {
			return err
		}
		res, err = resultFromStatement(ctx, dc.ci, ds, args...)
		release(err)
		return err
	})
	return res, err
}

func (s *Stmt) Exec(args ...any) (Result, error) {
	return s.ExecContext(context.Background(), args...)
}

func resultFromStatement(ctx context.Context, ci driver.Conn, ds *driverStmt, args ...any) (Result, error) {
	ds.Lock()
	defer ds.Unlock()
	named, err := driverArgsConnLocked(ci, ds, args)
	if err != nil {
		return nil, err
	}
	resi, err := ctxDriverStmtExec(ctx, ds.si, named)
	if err != nil {
		return nil, err
	}
	return driverResult{ds.Locker, resi}, nil
}

func (s *Stmt) QueryContext(ctx context.Context, args ...any) (*Rows, error) {
	s.closemu.RLock()
	defer s.closemu.RUnlock()
	if s.stickyErr != nil {
		return nil, s.stickyErr
	}
	var rows *Rows
	err := s.db.retry(func(strategy connReuseStrategy) error {
		dc, release, ds, err := s.connStmt(ctx, strategy)
		if err != nil {
			return err
		}
		rowsi, err := rowsiFromStatement(ctx, dc.ci, ds, args...)
		if err != nil {
			release(err)
			return err
		}
		s.hold()
		if s.cg == nil {
			taken(s.db, dc, "rows")
		}
		rows = &Rows{dc: dc, rowsi: rowsi, releaseConn: func(err error) {
			release(err)
			s.drop()
		}}
		var txctx context.Context
		if s.cg != nil {
			txctx = s.cg.txCtx()
		}
		rows.initContextClose(ctx, txctx)
		return nil
	})
	return rows, err
}

func (s *Stmt) Query(args ...any) (*Rows, error) {
	return s.QueryContext(context.Background(), args...)
}

func rowsiFromStatement(ctx context.Context, ci driver.Conn, ds *driverStmt, args ...any) (driver.Rows, error) {
	ds.Lock()
	defer ds.Unlock()
	named, err := driverArgsConnLocked(ci, ds, args)
	if err != nil {
		return nil, err
	}
	return ctxDriverStmtQuery(ctx, ds.si, named)
}

func (s *Stmt) QueryRowContext(ctx context.Context, args ...any) *Row {
	rows, err := s.QueryContext(ctx, args...)
	return &Row{rows: rows, err: err}
}

func (s *Stmt) QueryRow(args ...any) *Row {
	return s.QueryRowContext(context.Background(), args...)
}

func (s *Stmt) Close() error {
	s.closemu.Lock()
	defer s.closemu.Unlock()
	if s.stickyErr != nil {
		return s.stickyErr
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	ds := s.cgds
	s.cgds = nil
	s.mu.Unlock()
	switch {
	case s.cg == nil:
		return s.drop()
	case s.parentStmt != nil:
		return s.parentStmt.drop()
	}
	return ds.Close()
}

// finalClose closes the statement on every connection, where it is in use when that comes back.
func (s *Stmt) finalClose() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range s.css {
		s.db.noteUnusedDriverStatement(v.dc, v.ds)
		v.dc.removeOpenStmt(v.ds)
	}
	s.css = nil
	return nil
}

func (db *DB) noteUnusedDriverStatement(dc *driverConn, ds *driverStmt) {
	db.mu.Lock()
	defer db.mu.Unlock()
	if dc.inUse {
		dc.onPut = append(dc.onPut, func() { ds.Close() })
		return
	}
	dc.Lock()
	gone := dc.finalClosed
	dc.Unlock()
	if !gone {
		ds.Close()
	}
}
