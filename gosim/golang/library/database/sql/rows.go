package sql

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync/atomic"
)

// Rows is the result of a query. It keeps the connection until it is closed or read to its end.
type Rows struct {
	dc          *driverConn
	releaseConn func(error)
	rowsi       driver.Rows
	cancel      func()      // ends awaitDone; nil: there is none
	closeStmt   *driverStmt // closed with the Rows, may be nil

	contextDone atomic.Pointer[error] // the error with which awaitDone closes

	closemu         closingMutex // held for reading while the Rows are used
	closed          bool
	lasterr         error
	lastcols        []driver.Value
	closemuScanHold bool // Scan has stored RawBytes, which live until the next call
	nextCalled      bool
	hitEOF          bool
}

// initContextClose starts awaitDone if the context can end.
func (rs *Rows) initContextClose(ctx, txctx context.Context) {
	if ctx.Done() == nil && (txctx == nil || txctx.Done() == nil) {
		return
	}
	closectx, cancel := context.WithCancel(ctx)
	rs.cancel = cancel
	worksFor()
	go rs.awaitDone(ctx, txctx, closectx)
}

// awaitDone closes the Rows when a context ends before somebody else does.
func (rs *Rows) awaitDone(ctx, txctx, closectx context.Context) {
	var txctxDone <-chan struct{}
	if txctx != nil {
		txctxDone = txctx.Done()
	}
	select {
	case <-ctx.Done():
		err := ctx.Err()
		rs.contextDone.Store(&err)
	case <-txctxDone:
		err := txctx.Err()
		rs.contextDone.Store(&err)
	case <-closectx.Done():
	}
	rs.close(ctx.Err())
}

func (rs *Rows) lasterrOrErrLocked(err error) error {
	if rs.lasterr != nil && rs.lasterr != io.EOF {
		return rs.lasterr
	}
	return err
}

func (rs *Rows) closemuRUnlockIfHeldByScan() {
	if rs.closemuScanHold {
		rs.closemuScanHold = false
		rs.closemu.RUnlock()
	}
}

// Next reads a row; at the end, or on an error, it closes the Rows.
func (rs *Rows) Next() bool {
	rs.closemuRUnlockIfHeldByScan()
	if rs.contextDone.Load() != nil {
		return false
	}
	doClose, ok := rs.nextLocked()
	if doClose {
		rs.Close()
		rs.hitEOF = rs.hitEOF || !ok
	}
	return ok
}

func (rs *Rows) nextLocked() (doClose, ok bool) {
	rs.closemu.RLock()
	defer rs.closemu.RUnlock()
	if rs.closed {
		return false, false
	}
	rs.dc.Lock()
	defer rs.dc.Unlock()
	rs.nextCalled = true
	if rs.lastcols == nil {
		rs.lastcols = make([]driver.Value, len(rs.rowsi.Columns()))
	}
	rs.lasterr = rs.nextRow()
	if rs.lasterr == nil {
		return false, true
	}
	if more, ok := rs.rowsi.(driver.RowsNextResultSet); ok && rs.lasterr == io.EOF {
		return !more.HasNextResultSet(), false
	}
	return true, false
}

func (rs *Rows) NextResultSet() bool {
	rs.closemuRUnlockIfHeldByScan()
	doClose := false
	defer func() {
		if doClose {
			rs.Close()
		}
	}()
	rs.closemu.RLock()
	defer rs.closemu.RUnlock()
	if rs.closed {
		return false
	}
	rs.lastcols, rs.nextCalled = nil, false
	more, ok := rs.rowsi.(driver.RowsNextResultSet)
	if !ok {
		doClose = true
		return false
	}
	rs.dc.Lock()
	defer rs.dc.Unlock()
	rs.lasterr = more.NextResultSet()
	doClose = rs.lasterr != nil
	return !doClose
}

// Err returns what ended the iteration, nil if it was the last row.
func (rs *Rows) Err() error {
	if err := rs.contextDone.Load(); err != nil && !rs.hitEOF {
		return *err
	}
	rs.closemu.RLock()
	defer rs.closemu.RUnlock()
	return rs.lasterrOrErrLocked(nil)
}

func (rs *Rows) Columns() ([]string, error) {
	rs.closemu.RLock()
	defer rs.closemu.RUnlock()
	if err := rs.usableLocked(); err != nil {
		return nil, err
	}
	rs.dc.Lock()
	defer rs.dc.Unlock()
	return rs.rowsi.Columns(), nil
}

func (rs *Rows) usableLocked() error {
	if rs.closed {
		return rs.lasterrOrErrLocked(errRowsClosed)
	}
	if rs.rowsi == nil {
		return rs.lasterrOrErrLocked(errNoRows)
	}
	return nil
}

// Scan stores the columns of the row.
func (rs *Rows) Scan(dest ...any) error {
	if rs.closemuScanHold {
		return fmt.Errorf("sql: Scan called without calling Next (closemuScanHold)")
	}
	rs.closemu.RLock()
	err := rs.scanLocked(dest)
	if err == nil && rawBytesAmong(dest) {
		rs.closemuScanHold = true
	} else {
		rs.closemu.RUnlock()
	}
	return err
}

func (rs *Rows) scanLocked(dest []any) error {
	if rs.lasterr != nil && rs.lasterr != io.EOF {
		return rs.lasterr
	}
	if rs.closed {
		return rs.lasterrOrErrLocked(errRowsClosed)
	}
	if !rs.nextCalled {
		return errors.New("sql: Scan called without calling Next")
	}
	if len(dest) != len(rs.lastcols) {
		return fmt.Errorf("sql: expected %d destination arguments in Scan, not %d", len(rs.lastcols), len(dest))
	}
	if rs.scansItself() {
		rs.dc.Lock()
		defer rs.dc.Unlock()
	}
	for i := range dest {
		if err := rs.scanColumn(i, dest[i]); err != nil {
			return fmt.Errorf(`sql: Scan error on column index %d, name %q: %w`, i, rs.rowsi.Columns()[i], err)
		}
	}
	return nil
}

//gosim:until 1.26
func (rs *Rows) nextRow() error { return rs.rowsi.Next(rs.lastcols) }

//gosim:until 1.26
func (rs *Rows) scansItself() bool { return false }

//gosim:until 1.26
func (rs *Rows) scanColumn(i int, dest any) error { return convertAssign(dest, rs.lastcols[i]) }

// Since Go 1.27 a driver may store the columns itself.
//
//gosim:since 1.27
func (rs *Rows) nextRow() error {
	if own, ok := rs.rowsi.(driver.RowsColumnScanner); ok {
		return own.NextRow()
	}
	return rs.rowsi.Next(rs.lastcols)
}

//gosim:since 1.27
func (rs *Rows) scansItself() bool {
	_, ok := rs.rowsi.(driver.RowsColumnScanner)
	return ok
}

//gosim:since 1.27
func (rs *Rows) scanColumn(i int, dest any) error {
	if own, ok := rs.rowsi.(driver.RowsColumnScanner); ok {
		return own.ScanColumn(driver.ScanContext{}, i, dest)
	}
	return convertAssign(dest, rs.lastcols[i])
}

func rawBytesAmong(dest []any) bool {
	for _, d := range dest {
		if _, ok := d.(*RawBytes); ok {
			return true
		}
	}
	return false
}

// Close gives the connection back.
func (rs *Rows) Close() error {
	rs.closemuRUnlockIfHeldByScan()
	return rs.close(nil)
}

func (rs *Rows) close(err error) error {
	rs.closemu.Lock()
	defer rs.closemu.Unlock()
	if rs.closed {
		return nil
	}
	rs.closed = true
	if rs.lasterr == nil {
		rs.lasterr = err
	}
	withLock(rs.dc, func() {
		err = rs.rowsi.Close()
	})
	if rs.cancel != nil {
		rs.cancel()
	}
	if rs.closeStmt != nil {
		rs.closeStmt.Close()
	}
	rs.releaseConn(err)
	rs.lasterr = rs.lasterrOrErrLocked(err)
	return err
}

// A Row is the result of QueryRow. Only its Scan closes the rows behind it.
type Row struct {
	err  error
	rows *Rows
}

func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if rawBytesAmong(dest) {
		return errors.New("sql: RawBytes isn't allowed on Row.Scan")
	}
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	return r.rows.Close()
}

func (r *Row) Err() error { return r.err }

// A ColumnType is what the driver knows of a column.
type ColumnType struct {
	name, databaseType                   string
	length, precision, scale             int64
	nullable                             bool
	hasLength, hasPrecision, hasNullable bool
	scanType                             reflect.Type
}

func (ci *ColumnType) Name() string                    { return ci.name }
func (ci *ColumnType) DatabaseTypeName() string        { return ci.databaseType }
func (ci *ColumnType) ScanType() reflect.Type          { return ci.scanType }
func (ci *ColumnType) Length() (length int64, ok bool) { return ci.length, ci.hasLength }
func (ci *ColumnType) Nullable() (nullable, ok bool)   { return ci.nullable, ci.hasNullable }
func (ci *ColumnType) DecimalSize() (precision, scale int64, ok bool) {
	return ci.precision, ci.scale, ci.hasPrecision
}

func (rs *Rows) ColumnTypes() ([]*ColumnType, error) {
	rs.closemu.RLock()
	defer rs.closemu.RUnlock()
	if err := rs.usableLocked(); err != nil {
		return nil, err
	}
	rs.dc.Lock()
	defer rs.dc.Unlock()
	var list []*ColumnType
	for i, name := range rs.rowsi.Columns() {
		ci := &ColumnType{name: name, scanType: reflect.TypeOf((*any)(nil)).Elem()}
		if r, ok := rs.rowsi.(driver.RowsColumnTypeScanType); ok {
			ci.scanType = r.ColumnTypeScanType(i)
		}
		if r, ok := rs.rowsi.(driver.RowsColumnTypeDatabaseTypeName); ok {
			ci.databaseType = r.ColumnTypeDatabaseTypeName(i)
		}
		if r, ok := rs.rowsi.(driver.RowsColumnTypeLength); ok {
			ci.length, ci.hasLength = r.ColumnTypeLength(i)
		}
		if r, ok := rs.rowsi.(driver.RowsColumnTypeNullable); ok {
			ci.nullable, ci.hasNullable = r.ColumnTypeNullable(i)
		}
		if r, ok := rs.rowsi.(driver.RowsColumnTypePrecisionScale); ok {
			ci.precision, ci.scale, ci.hasPrecision = r.ColumnTypePrecisionScale(i)
		}
		list = append(list, ci)
	}
	return list, nil
}
