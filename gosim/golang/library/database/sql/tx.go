package sql

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync"
	"sync/atomic"
)

// A Tx is a transaction: it keeps its connection until it is committed or rolled back.
type Tx struct {
	db                 *DB
	dc                 *driverConn
	txi                driver.Tx
	releaseConn        func(error)
	keepConnOnRollback bool

	closemu closingMutex // held for reading while the connection is used
	done    atomic.Bool

	stmts struct {
		sync.Mutex
		v []*Stmt
	}

	cancel func()
	ctx    context.Context // ends with the transaction
}

// awaitDone rolls back when the context ends first. Every transaction has this goroutine.
func (tx *Tx) awaitDone() {
	<-tx.ctx.Done()
	tx.rollback(!tx.keepConnOnRollback)
}

func (tx *Tx) txCtx() context.Context { return tx.ctx }

func (tx *Tx) closemuRUnlockRelease(error) { tx.closemu.RUnlock() }

func (tx *Tx) grabConn(ctx context.Context) (*driverConn, releaseConn, error) {
	if err := ended(ctx); err != nil {
		return nil, nil, err
	}
	tx.closemu.RLock()
	if tx.done.Load() {
		tx.closemu.RUnlock()
		return nil, nil, ErrTxDone
	}
	return tx.dc, tx.closemuRUnlockRelease, nil
}

// finish ends the transaction with one of the driver's two ways.
func (tx *Tx) finish(end func() error) error {
	tx.cancel()
	tx.closemu.Lock() // after this nobody uses the connection
	tx.closemu.Unlock()
	var err error
	withLock(tx.dc, func() {
		err = end()
	})
	if !errors.Is(err, driver.ErrBadConn) {
		tx.closePrepared()
	}
	return err
}

func (tx *Tx) closePrepared() {
	tx.stmts.Lock()
	defer tx.stmts.Unlock()
	for _, stmt := range tx.stmts.v {
		stmt.Close()
	}
}

func (tx *Tx) close(err error) {
	tx.releaseConn(err)
	tx.dc, tx.txi = nil, nil
}

func (tx *Tx) Commit() error {
	if err := ended(tx.ctx); err != nil {
		if tx.done.Load() {
			return ErrTxDone
		}
		return err
	}
	if !tx.done.CompareAndSwap(false, true) {
		return ErrTxDone
	}
	err := tx.finish(tx.txi.Commit)
	tx.close(err)
	return err
}

func (tx *Tx) Rollback() error { return tx.rollback(false) }

func (tx *Tx) rollback(discardConn bool) error {
	if !tx.done.CompareAndSwap(false, true) {
		return ErrTxDone
	}
	err := tx.finish(tx.txi.Rollback)
	if discardConn {
		err = driver.ErrBadConn
	}
	tx.close(err)
	return err
}

func (tx *Tx) PrepareContext(ctx context.Context, query string) (*Stmt, error) {
	dc, release, err := tx.grabConn(ctx)
	if err != nil {
		return nil, err
	}
	stmt, err := tx.db.prepareDC(ctx, dc, release, tx, query)
	if err != nil {
		return nil, err
	}
	tx.keep(stmt)
	return stmt, nil
}

func (tx *Tx) Prepare(query string) (*Stmt, error) {
	return tx.PrepareContext(context.Background(), query)
}

// keep remembers a statement that is closed with the transaction.
func (tx *Tx) keep(stmt *Stmt) {
	tx.stmts.Lock()
	tx.stmts.v = append(tx.stmts.v, stmt)
	tx.stmts.Unlock()
}

// StmtContext is a prepared statement of the pool for this transaction.
func (tx *Tx) StmtContext(ctx context.Context, stmt *Stmt) *Stmt {
	dc, release, err := tx.grabConn(ctx)
	if err != nil {
		return &Stmt{stickyErr: err}
	}
	defer release(nil)
	if tx.db != stmt.db {
		return &Stmt{stickyErr: errors.New("sql: Tx.Stmt: statement from different database used")}
	}
	var si driver.Stmt
	var parent *Stmt
	stmt.mu.Lock()
	if stmt.closed || stmt.cg != nil {
		stmt.mu.Unlock()
		withLock(dc, func() {
			si, err = ctxDriverPrepare(ctx, dc.ci, stmt.query)
		})
	} else {
		parent = stmt
		stmt.removeClosedStmtLocked()
		ds := stmt.on(dc)
		stmt.mu.Unlock()
		if ds == nil {
			withLock(dc, func() {
				ds, err = stmt.prepareOnConnLocked(ctx, dc)
			})
		}
		if err == nil {
			si = ds.si
		}
	}
	if err != nil {
		return &Stmt{stickyErr: err}
	}
	txs := &Stmt{db: tx.db, cg: tx, cgds: &driverStmt{Locker: dc, si: si}, parentStmt: parent, query: stmt.query}
	if parent != nil {
		parent.hold()
	}
	tx.keep(txs)
	return txs
}

func (tx *Tx) Stmt(stmt *Stmt) *Stmt { return tx.StmtContext(context.Background(), stmt) }

func (tx *Tx) ExecContext(ctx context.Context, query string, args ...any) (Result, error) {
	dc, release, err := tx.grabConn(ctx)
	if err != nil {
		return nil, err
	}
	return tx.db.execDC(ctx, dc, release, query, args)
}

func (tx *Tx) Exec(query string, args ...any) (Result, error) {
	return tx.ExecContext(context.Background(), query, args...)
}

func (tx *Tx) QueryContext(ctx context.Context, query string, args ...any) (*Rows, error) {
	dc, release, err := tx.grabConn(ctx)
	if err != nil {
		return nil, err
	}
	return tx.db.queryDC(ctx, tx.ctx, dc, release, query, args)
}

func (tx *Tx) Query(query string, args ...any) (*Rows, error) {
	return tx.QueryContext(context.Background(), query, args...)
}

func (tx *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *Row {
	rows, err := tx.QueryContext(ctx, query, args...)
	return &Row{rows: rows, err: err}
}

func (tx *Tx) QueryRow(query string, args ...any) *Row {
	return tx.QueryRowContext(context.Background(), query, args...)
}
