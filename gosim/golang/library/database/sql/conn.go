package sql

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync/atomic"
)

// A Conn is one connection, taken out of the pool until it is closed.
type Conn struct {
	db      *DB
	dc      *driverConn
	closemu closingMutex // held for reading while the connection is used
	done    atomic.Bool
}

type releaseConn func(error)

// A stmtConnGrabber has a connection of its own: a Conn or a Tx.
type stmtConnGrabber interface {
	grabConn(context.Context) (*driverConn, releaseConn, error)
	txCtx() context.Context
}

func (c *Conn) grabConn(context.Context) (*driverConn, releaseConn, error) {
	if c.done.Load() {
		return nil, nil, ErrConnDone
	}
	c.closemu.RLock()
	return c.dc, c.closemuRUnlockCondReleaseConn, nil
}

func (c *Conn) txCtx() context.Context { return nil }

func (c *Conn) closemuRUnlockCondReleaseConn(err error) {
	c.closemu.RUnlock()
	if errors.Is(err, driver.ErrBadConn) {
		c.close(err)
	}
}

func (c *Conn) PingContext(ctx context.Context) error {
	dc, release, err := c.grabConn(ctx)
	if err != nil {
		return err
	}
	return c.db.pingDC(ctx, dc, release)
}

func (c *Conn) ExecContext(ctx context.Context, query string, args ...any) (Result, error) {
	dc, release, err := c.grabConn(ctx)
	if err != nil {
		return nil, err
	}
	return c.db.execDC(ctx, dc, release, query, args)
}

func (c *Conn) QueryContext(ctx context.Context, query string, args ...any) (*Rows, error) {
	dc, release, err := c.grabConn(ctx)
	if err != nil {
		return nil, err
	}
	return c.db.queryDC(ctx, nil, dc, release, query, args)
}

func (c *Conn) QueryRowContext(ctx context.Context, query string, args ...any) *Row {
	rows, err := c.QueryContext(ctx, query, args...)
	return &Row{rows: rows, err: err}
}

func (c *Conn) PrepareContext(ctx context.Context, query string) (*Stmt, error) {
	dc, release, err := c.grabConn(ctx)
	if err != nil {
		return nil, err
	}
	return c.db.prepareDC(ctx, dc, release, c, query)
}

// Raw lets f use the driver's own connection.
func (c *Conn) Raw(f func(driverConn any) error) (err error) {
	dc, release, err := c.grabConn(nil)
	if err != nil {
		return err
	}
	panics := true
	dc.Mutex.Lock()
	defer func() {
		dc.Mutex.Unlock()
		if panics {
			err = driver.ErrBadConn
		}
		release(err)
	}()
	err = f(dc.ci)
	panics = false
	return err
}

func (c *Conn) BeginTx(ctx context.Context, opts *TxOptions) (*Tx, error) {
	dc, release, err := c.grabConn(ctx)
	if err != nil {
		return nil, err
	}
	return c.db.beginDC(ctx, dc, release, opts)
}

func (c *Conn) close(err error) error {
	if !c.done.CompareAndSwap(false, true) {
		return ErrConnDone
	}
	c.closemu.Lock()
	defer c.closemu.Unlock()
	c.dc.releaseConn(err)
	c.dc, c.db = nil, nil
	return err
}

// Close gives the connection back to the pool.
func (c *Conn) Close() error { return c.close(nil) }
