package http

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"time"
)

// A RoundTripper sends one request and returns its response.
type RoundTripper interface {
	RoundTrip(*Request) (*Response, error)
}

// DefaultTransport is what clients use that have none of their own.
var DefaultTransport RoundTripper = &Transport{
	Proxy:                 ProxyFromEnvironment,
	ForceAttemptHTTP2:     true,
	MaxIdleConns:          100,
	IdleConnTimeout:       90 * time.Second,
	TLSHandshakeTimeout:   10 * time.Second,
	ExpectContinueTimeout: 1 * time.Second,
}

// ProxyFromEnvironment finds no proxy: the environment of a run is empty.
func ProxyFromEnvironment(req *Request) (*url.URL, error) { return nil, nil }

func ProxyURL(fixedURL *url.URL) func(*Request) (*url.URL, error) {
	return func(*Request) (*url.URL, error) { return fixedURL, nil }
}

// A Transport keeps connections and sends requests on them.
type Transport struct {
	Proxy                  func(*Request) (*url.URL, error)
	DialContext            func(ctx context.Context, network, addr string) (net.Conn, error)
	Dial                   func(network, addr string) (net.Conn, error)
	DialTLSContext         func(ctx context.Context, network, addr string) (net.Conn, error)
	DialTLS                func(network, addr string) (net.Conn, error)
	TLSHandshakeTimeout    time.Duration
	DisableKeepAlives      bool
	DisableCompression     bool
	MaxIdleConns           int
	MaxIdleConnsPerHost    int
	MaxConnsPerHost        int
	IdleConnTimeout        time.Duration
	ResponseHeaderTimeout  time.Duration
	ExpectContinueTimeout  time.Duration
	ProxyConnectHeader     Header
	MaxResponseHeaderBytes int64
	WriteBufferSize        int
	ReadBufferSize         int
	ForceAttemptHTTP2      bool

	idle       []*persistConn // the one that has been idle for longest comes first
	idleWait   []*wantConn
	closeIdle  bool
	perHost    map[string]int
	perHostWait []*wantConn
	reqCanceler cancels
}

// cancels are how requests under way are ended.
//
//gosim:is gosim.runtime.netpoll.Registry
type cancels struct{ _ int }

func (s *cancels) set(req *Request, cancel context.CancelCauseFunc)
func (s *cancels) remove(req *Request)
func (s *cancels) get(req *Request) context.CancelCauseFunc

// Clone returns a transport with the same settings and no connections.
func (t *Transport) Clone() *Transport {
	return &Transport{
		Proxy: t.Proxy, DialContext: t.DialContext, Dial: t.Dial, DialTLSContext: t.DialTLSContext,
		DialTLS: t.DialTLS, TLSHandshakeTimeout: t.TLSHandshakeTimeout, DisableKeepAlives: t.DisableKeepAlives,
		DisableCompression: t.DisableCompression, MaxIdleConns: t.MaxIdleConns,
		MaxIdleConnsPerHost: t.MaxIdleConnsPerHost, MaxConnsPerHost: t.MaxConnsPerHost,
		IdleConnTimeout: t.IdleConnTimeout, ResponseHeaderTimeout: t.ResponseHeaderTimeout,
		ExpectContinueTimeout: t.ExpectContinueTimeout, ProxyConnectHeader: t.ProxyConnectHeader.Clone(),
		MaxResponseHeaderBytes: t.MaxResponseHeaderBytes, WriteBufferSize: t.WriteBufferSize,
		ReadBufferSize: t.ReadBufferSize, ForceAttemptHTTP2: t.ForceAttemptHTTP2,
	}
}

var (
	errKeepAlivesDisabled = errors.New("http: putIdleConn: keep alives disabled")
	errConnBroken         = errors.New("http: putIdleConn: connection is in bad state")
	errCloseIdle          = errors.New("http: putIdleConn: CloseIdleConnections was called")
	errTooManyIdle        = errors.New("http: putIdleConn: too many idle connections")
	errTooManyIdleHost    = errors.New("http: putIdleConn: too many idle connections for host")
	errCloseIdleConns     = errors.New("http: CloseIdleConnections called")
	errReadLoopExiting    = errors.New("http: persistConn.readLoop exiting")
	errIdleConnTimeout    = errors.New("http: idle connection timeout")
	errServerClosedIdle   = errors.New("http: server closed idle connection")
	errRequestCanceled    = errors.New("net/http: request canceled")
	errRequestDone        = errors.New("net/http: request completed")
	errClosedEarly        = errors.New("net/http: response body closed early")
)

type timeoutError struct {
	err string
}

func (e *timeoutError) Error() string     { return e.err }
func (e *timeoutError) Timeout() bool     { return true }
func (e *timeoutError) Temporary() bool   { return true }
func (e *timeoutError) Is(err error) bool { return err == context.DeadlineExceeded }

var errTimeout error = &timeoutError{"net/http: timeout awaiting response headers"}

type nothingWrittenError struct {
	error
}

func (e nothingWrittenError) Unwrap() error { return e.error }

type transportReadFromServerError struct {
	err error
}

func (e transportReadFromServerError) Unwrap() error { return e.err }
func (e transportReadFromServerError) Error() string {
	return fmt.Sprintf("net/http: Transport failed to read from server: %v", e.err)
}

// A transportRequest is a request under way, with a context that ends with it.
type transportRequest struct {
	*Request
	ctx    context.Context
	cancel context.CancelCauseFunc
}

func (t *Transport) RoundTrip(req *Request) (*Response, error) {
	return t.roundTrip(req)
}

func (t *Transport) roundTrip(req *Request) (_ *Response, err error) {
	if req.URL == nil {
		req.closeBody()
		return nil, errors.New("http: nil Request.URL")
	}
	if req.Header == nil {
		req.closeBody()
		return nil, errors.New("http: nil Request.Header")
	}
	switch {
	case req.URL.Scheme == "https":
		req.closeBody()
		return nil, errors.New("https is not simulated: there is no TLS in memory")
	case req.URL.Scheme != "http":
		req.closeBody()
		return nil, fmt.Errorf("unsupported protocol scheme %q", req.URL.Scheme)
	case req.URL.Host == "":
		req.closeBody()
		return nil, errors.New("http: no Host in request URL")
	}
	origReq := req
	ctx, cancel := context.WithCancelCause(req.Context())
	if origReq.Cancel != nil {
		go awaitLegacyCancel(ctx, cancel, origReq)
	}
	cancel = t.prepareTransportCancel(origReq, cancel)
	defer func() {
		if err != nil {
			cancel(err)
		}
	}()
	for {
		if ctx.Err() != nil {
			req.closeBody()
			return nil, context.Cause(ctx)
		}
		treq := &transportRequest{Request: req, ctx: ctx, cancel: cancel}
		pconn, err := t.getConn(treq, canonicalAddr(req.URL))
		if err != nil {
			req.closeBody()
			return nil, err
		}
		resp, err := pconn.roundTrip(treq)
		if err == nil {
			resp.Request = origReq
			return resp, nil
		}
		if !pconn.shouldRetryRequest(req, err) {
			if e, ok := err.(nothingWrittenError); ok {
				err = e.error
			}
			if e, ok := err.(transportReadFromServerError); ok {
				err = e.err
			}
			req.closeBody()
			return nil, err
		}
		// A connection that had been idle was gone: once more, on another one.
		if req.Body != nil && req.Body != NoBody && req.GetBody != nil {
			again := *req
			if again.Body, err = req.GetBody(); err != nil {
				return nil, err
			}
			req = &again
		}
	}
}

func awaitLegacyCancel(ctx context.Context, cancel context.CancelCauseFunc, req *Request) {
	select {
	case <-req.Cancel:
		cancel(errRequestCanceled)
	case <-ctx.Done():
	}
}

func canonicalAddr(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

func (pc *persistConn) shouldRetryRequest(req *Request, err error) bool {
	if !pc.reused {
		return false
	}
	rewinds := req.Body == nil || req.Body == NoBody || req.GetBody != nil
	if _, ok := err.(nothingWrittenError); ok {
		return rewinds
	}
	safe := req.Method == "GET" || req.Method == "HEAD" || req.Method == "OPTIONS" || req.Method == "TRACE" || req.Method == ""
	if !safe || !rewinds {
		return false
	}
	if _, ok := err.(transportReadFromServerError); ok {
		return true
	}
	return err == errServerClosedIdle
}

// ---- the pool ----

// A wantConn waits for a connection: one that gets idle, or a new one.
type wantConn struct {
	key    string
	ctx    context.Context
	stop   context.CancelFunc
	result chan connOrError
	done   bool
}

type connOrError struct {
	pc  *persistConn
	err error
}

func (w *wantConn) tryDeliver(pc *persistConn, err error) bool {
	if w.done {
		return false
	}
	w.done = true
	w.result <- connOrError{pc, err}
	return true
}

func (w *wantConn) cancel(t *Transport) {
	var pc *persistConn
	if w.done {
		select {
		case r := <-w.result:
			pc = r.pc
		default:
		}
	}
	w.done = true
	w.stop()
	if pc != nil {
		t.putOrCloseIdleConn(pc)
	}
}

func (t *Transport) getConn(treq *transportRequest, addr string) (pc *persistConn, err error) {
	dialCtx, stop := context.WithCancel(context.WithoutCancel(treq.Request.Context()))
	w := &wantConn{key: addr, ctx: dialCtx, stop: stop, result: make(chan connOrError, 1)}
	defer func() {
		if err != nil {
			w.cancel(t)
		}
	}()
	if !t.queueForIdleConn(w) {
		t.queueForDial(w)
	}
	select {
	case r := <-w.result:
		if r.err != nil && treq.ctx.Err() != nil {
			return nil, context.Cause(treq.ctx)
		}
		return r.pc, r.err
	case <-treq.ctx.Done():
		return nil, context.Cause(treq.ctx)
	}
}

func (t *Transport) queueForIdleConn(w *wantConn) bool {
	if t.DisableKeepAlives {
		return false
	}
	t.closeIdle = false
	for i := len(t.idle) - 1; i >= 0; i-- {
		pc := t.idle[i]
		if pc.key != w.key || pc.closed != nil {
			continue
		}
		t.removeIdleConn(pc)
		return w.tryDeliver(pc, nil)
	}
	t.idleWait = append(waiting(t.idleWait), w)
	return false
}

// waiting leaves out those who do not wait any more.
func waiting(all []*wantConn) []*wantConn {
	var left []*wantConn
	for _, w := range all {
		if !w.done {
			left = append(left, w)
		}
	}
	return left
}

func (t *Transport) queueForDial(w *wantConn) {
	if t.MaxConnsPerHost > 0 {
		if t.perHost == nil {
			t.perHost = map[string]int{}
		}
		if t.perHost[w.key] >= t.MaxConnsPerHost {
			t.perHostWait = append(waiting(t.perHostWait), w)
			return
		}
		t.perHost[w.key]++
	}
	t.startDialConnForLocked(w)
}

func (t *Transport) startDialConnForLocked(w *wantConn) {
	go func() {
		t.dialConnFor(w)
	}()
}

func (t *Transport) dialConnFor(w *wantConn) {
	if w.done {
		t.decConnsPerHost(w.key)
		return
	}
	pc, err := t.dialConn(w.ctx, w.key)
	if err != nil {
		w.tryDeliver(nil, err)
		t.decConnsPerHost(w.key)
	} else if !w.tryDeliver(pc, nil) {
		t.putOrCloseIdleConn(pc)
	}
}

func (t *Transport) decConnsPerHost(key string) {
	if t.MaxConnsPerHost <= 0 {
		return
	}
	t.perHostWait = waiting(t.perHostWait)
	for i, w := range t.perHostWait {
		if w.key == key {
			t.perHostWait = append(t.perHostWait[:i:i], t.perHostWait[i+1:]...)
			t.startDialConnForLocked(w)
			return
		}
	}
	t.perHost[key]--
}

func (t *Transport) dial(ctx context.Context, addr string) (net.Conn, error) {
	if t.DialContext != nil {
		c, err := t.DialContext(ctx, "tcp", addr)
		if c == nil && err == nil {
			err = errors.New("net/http: Transport.DialContext hook returned (nil, nil)")
		}
		return c, err
	}
	if t.Dial != nil {
		return t.Dial("tcp", addr)
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", addr)
}

func (t *Transport) dialConn(ctx context.Context, addr string) (*persistConn, error) {
	conn, err := t.dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	pc := &persistConn{
		t: t, key: addr, conn: conn,
		reqch: make(chan requestAndChan, 1), writech: make(chan writeRequest, 1),
		closech: make(chan struct{}), writeLoopDone: make(chan struct{}),
	}
	pc.br = bufio.NewReader(pc)
	pc.bw = bufio.NewWriter(persistConnWriter{pc})
	pc.reader = nextGoroutine()
	go pc.readLoop()
	pc.writer = nextGoroutine()
	go pc.writeLoop()
	return pc, nil
}

func (t *Transport) putOrCloseIdleConn(pc *persistConn) {
	if err := t.tryPutIdleConn(pc); err != nil {
		pc.close(err)
	}
}

func (t *Transport) tryPutIdleConn(pc *persistConn) error {
	if t.DisableKeepAlives || t.MaxIdleConnsPerHost < 0 {
		return errKeepAlivesDisabled
	}
	if pc.closed != nil {
		return errConnBroken
	}
	pc.reused = true
	t.idleWait = waiting(t.idleWait)
	for i, w := range t.idleWait {
		if w.key == pc.key {
			t.idleWait = append(t.idleWait[:i:i], t.idleWait[i+1:]...)
			if w.tryDeliver(pc, nil) {
				return nil
			}
		}
	}
	if t.closeIdle {
		return errCloseIdle
	}
	same := 0
	for _, each := range t.idle {
		if each.key == pc.key {
			same++
		}
	}
	most := t.MaxIdleConnsPerHost
	if most == 0 {
		most = DefaultMaxIdleConnsPerHost
	}
	if same >= most {
		return errTooManyIdleHost
	}
	t.idle = append(t.idle, pc)
	if t.MaxIdleConns != 0 && len(t.idle) > t.MaxIdleConns {
		oldest := t.idle[0]
		oldest.close(errTooManyIdle)
		t.removeIdleConn(oldest)
	}
	if t.IdleConnTimeout > 0 {
		if pc.idleTimer != nil {
			pc.idleTimer.Reset(t.IdleConnTimeout)
		} else {
			pc.idleTimer = time.AfterFunc(t.IdleConnTimeout, pc.closeConnIfStillIdle)
		}
	}
	return nil
}

func (t *Transport) removeIdleConn(pc *persistConn) bool {
	for i, each := range t.idle {
		if each == pc {
			t.idle = append(t.idle[:i:i], t.idle[i+1:]...)
			if pc.idleTimer != nil {
				pc.idleTimer.Stop()
			}
			return true
		}
	}
	return false
}

// CloseIdleConnections closes the connections of the pool.
func (t *Transport) CloseIdleConnections() {
	idle := t.idle
	t.idle = nil
	t.closeIdle = true
	for _, pc := range idle {
		if pc.idleTimer != nil {
			pc.idleTimer.Stop()
		}
		pc.close(errCloseIdleConns)
	}
}

func (t *Transport) prepareTransportCancel(req *Request, origCancel context.CancelCauseFunc) context.CancelCauseFunc {
	cancel := func(err error) {
		origCancel(err)
		t.reqCanceler.remove(req)
	}
	t.reqCanceler.set(req, cancel)
	return cancel
}

// CancelRequest ends a request.
func (t *Transport) CancelRequest(req *Request) {
	if cancel := t.reqCanceler.get(req); cancel != nil {
		cancel(errRequestCanceled)
	}
}

func (t *Transport) RegisterProtocol(scheme string, rt RoundTripper) {
	panic("RegisterProtocol is not simulated")
}

// ---- one connection ----

// A persistConn is a connection of a client, with one goroutine that reads and one that writes.
type persistConn struct {
	t             *Transport
	key           string
	conn          net.Conn
	br            *bufio.Reader
	bw            *bufio.Writer
	nwrite        int64
	reqch         chan requestAndChan
	writech       chan writeRequest
	closech       chan struct{}
	writeLoopDone chan struct{}
	wrote         bool // the request is written, with this error
	wroteErr      error
	untilWritten  chan struct{} // closed then, if somebody waits for it
	sawEOF        bool
	expected      int // responses that are still to come
	closed        error
	canceledErr   error
	reused        bool
	idleTimer     *time.Timer
	reader        int // the goroutines, by their IDs
	writer        int
}

func nextGoroutine() int

// worksFor says that two goroutines work for the call that the program makes now.
func worksFor(first, second int)

type requestAndChan struct {
	treq       *transportRequest
	ch         chan responseAndError
	callerGone <-chan struct{}
}

type writeRequest struct {
	req   *transportRequest
	extra Header
	ch    chan<- error
}

type responseAndError struct {
	res *Response
	err error
}

func (pc *persistConn) Read(p []byte) (n int, err error) {
	n, err = pc.conn.Read(p)
	if err == io.EOF {
		pc.sawEOF = true
	}
	return n, err
}

type persistConnWriter struct {
	pc *persistConn
}

func (w persistConnWriter) Write(p []byte) (n int, err error) {
	n, err = w.pc.conn.Write(p)
	w.pc.nwrite += int64(n)
	return n, err
}

func (pc *persistConn) cancelRequest(err error) {
	pc.canceledErr = err
	pc.close(errRequestCanceled)
}

func (pc *persistConn) close(err error) {
	if pc.closed == nil {
		pc.closed = err
		pc.t.decConnsPerHost(pc.key)
		pc.conn.Close()
		close(pc.closech)
	}
}

func (pc *persistConn) closeConnIfStillIdle() {
	if pc.t.removeIdleConn(pc) {
		pc.close(errIdleConnTimeout)
	}
}

func (pc *persistConn) mapRoundTripError(written int64, err error) error {
	<-pc.writeLoopDone
	if pc.canceledErr != nil {
		return pc.canceledErr
	}
	if err == errServerClosedIdle {
		return err
	}
	if _, ok := err.(transportReadFromServerError); ok {
		if pc.nwrite == written {
			return nothingWrittenError{err}
		}
		return err
	}
	if pc.closed != nil {
		if pc.nwrite == written {
			return nothingWrittenError{err}
		}
		return fmt.Errorf("net/http: HTTP/1.x transport connection broken: %w", err)
	}
	return err
}

func (pc *persistConn) readLoop() {
	closeErr := errReadLoopExiting
	defer func() {
		pc.close(closeErr)
		pc.t.removeIdleConn(pc)
	}()
	tryPutIdleConn := func() bool {
		if err := pc.t.tryPutIdleConn(pc); err != nil {
			closeErr = err
			return false
		}
		return true
	}
	// Who has read a body to its end waits here until the connection is back in the pool.
	eofc := make(chan struct{})
	defer close(eofc)
	alive := true
	for alive {
		_, err := pc.br.Peek(1)
		if pc.expected == 0 {
			if pc.closed == nil {
				if err == io.EOF {
					pc.close(errServerClosedIdle)
				} else {
					pc.close(fmt.Errorf("readLoopPeekFailLocked: %w", err))
				}
			}
			return
		}
		rc := <-pc.reqch
		var resp *Response
		if err == nil {
			resp, err = pc.readResponse(rc)
		} else {
			err = transportReadFromServerError{err}
			closeErr = err
		}
		if err != nil {
			select {
			case rc.ch <- responseAndError{err: err}:
			case <-rc.callerGone:
			}
			return
		}
		pc.expected--
		switching := resp.StatusCode == StatusSwitchingProtocols
		hasBody := rc.treq.Request.Method != "HEAD" && resp.ContentLength != 0 && !switching
		if resp.Close || rc.treq.Request.Close || resp.StatusCode <= 199 {
			alive = false
		}
		if switching {
			resp.Body = &readWriteCloserBody{pc.br, pc.conn}
			closeErr = errors.New("read loop ending; caller owns writable underlying conn")
			select {
			case rc.ch <- responseAndError{res: resp}:
			case <-rc.callerGone:
			}
			pc.closed = closeErr
			close(pc.closech)
			return
		}
		if !hasBody {
			alive = alive && !pc.sawEOF && pc.wroteRequest() && tryPutIdleConn()
			select {
			case rc.ch <- responseAndError{res: resp}:
			case <-rc.callerGone:
				return
			}
			rc.treq.cancel(errRequestDone)
			continue
		}
		waitForBodyRead := make(chan error, 1)
		body := &bodyEOFSignal{
			body: resp.Body,
			earlyCloseFn: func() error {
				waitForBodyRead <- errClosedEarly
				<-eofc // closed when this function ends, at the latest
				return nil
			},
			fn: func(err error) error {
				waitForBodyRead <- err
				if err == io.EOF {
					<-eofc
				} else if err != nil && pc.canceledErr != nil {
					return pc.canceledErr
				}
				return err
			},
		}
		resp.Body = body
		select {
		case rc.ch <- responseAndError{res: resp}:
		case <-rc.callerGone:
			return
		}
		// The goroutine waits here until the program has read the body to its end or closed it.
		select {
		case err := <-waitForBodyRead:
			switch {
			case err == io.EOF:
				alive = alive && !pc.sawEOF && pc.wroteRequest() && tryPutIdleConn()
				eofc <- struct{}{}
			case err == errClosedEarly && drainsClosedBodies():
				tryDrain := alive && resp.ContentLength <= maxPostCloseReadBytes
				eofc <- struct{}{}
				alive = tryDrain && maybeDrainBody(body.body) && !pc.sawEOF && pc.wroteRequest() && tryPutIdleConn()
			default:
				alive = false
			}
		case <-rc.treq.ctx.Done():
			alive = false
			pc.cancelRequest(context.Cause(rc.treq.ctx))
		case <-pc.closech:
			alive = false
		}
		rc.treq.cancel(errRequestDone)
	}
}

// drainsClosedBodies tells whether a connection is used again when a body is closed unread.
//
//gosim:since 1.27
func drainsClosedBodies() bool { return true }

//gosim:until 1.26
func drainsClosedBodies() bool { return false }

const (
	maxPostCloseReadBytes = 256 << 10
	maxPostCloseReadTime  = 50 * time.Millisecond
)

func maybeDrainBody(r io.Reader) bool {
	if b, ok := r.(*body); ok && !b.chunked && b.left >= 0 && b.left <= int64(b.src.Buffered()) {
		io.Copy(io.Discard, r) // it is here already
		return true
	}
	drainedCh := make(chan bool, 1)
	go func() {
		_, err := io.CopyN(io.Discard, r, maxPostCloseReadBytes+1)
		drainedCh <- err == io.EOF
	}()
	select {
	case drained := <-drainedCh:
		return drained
	case <-time.After(maxPostCloseReadTime):
		return false
	}
}

func (pc *persistConn) readResponse(rc requestAndChan) (resp *Response, err error) {
	for {
		resp, err = ReadResponse(pc.br, rc.treq.Request)
		if err != nil || resp.StatusCode >= 200 || resp.StatusCode == StatusSwitchingProtocols {
			return resp, err
		}
	}
}

type readWriteCloserBody struct {
	br *bufio.Reader
	io.ReadWriteCloser
}

func (b *readWriteCloserBody) Read(p []byte) (n int, err error) {
	if b.br.Buffered() > 0 {
		return b.br.Read(p[:min(len(p), b.br.Buffered())])
	}
	return b.ReadWriteCloser.Read(p)
}

func (pc *persistConn) writeLoop() {
	defer close(pc.writeLoopDone)
	for {
		select {
		case wr := <-pc.writech:
			before := pc.nwrite
			err := wr.req.Request.write(pc.bw, wr.extra)
			if err == nil {
				err = pc.bw.Flush()
			}
			if err != nil && pc.nwrite == before {
				err = nothingWrittenError{err}
			}
			pc.wrote, pc.wroteErr = true, err
			if pc.untilWritten != nil {
				close(pc.untilWritten)
				pc.untilWritten = nil
			}
			if err != nil || pc.t.ResponseHeaderTimeout > 0 {
				wr.ch <- err // roundTrip has to know
			}
			if err != nil {
				pc.close(err)
				return
			}
		case <-pc.closech:
			return
		}
	}
}

const maxWriteWaitBeforeConnReuse = 50 * time.Millisecond

// wroteRequest tells whether the request is on its way: a server may answer before it has read all.
func (pc *persistConn) wroteRequest() bool {
	if !pc.wrote {
		written := make(chan struct{})
		pc.untilWritten = written
		t := time.NewTimer(maxWriteWaitBeforeConnReuse)
		defer t.Stop()
		select {
		case <-written:
		case <-t.C:
			return false
		}
	}
	return pc.wroteErr == nil
}

func (pc *persistConn) roundTrip(req *transportRequest) (resp *Response, err error) {
	pc.expected++
	pc.wrote = false
	worksFor(pc.reader, pc.writer)
	extra := Header{}
	if !pc.t.DisableCompression && req.Header.Get("Accept-Encoding") == "" && req.Header.Get("Range") == "" && req.Method != "HEAD" {
		extra.Set("Accept-Encoding", "gzip")
	}
	if pc.t.DisableKeepAlives && !req.Close && !hasToken(req.Header["Connection"], "close") {
		extra.Set("Connection", "close")
	}
	gone := make(chan struct{})
	defer close(gone)
	written := pc.nwrite
	writeErrCh := make(chan error, 1)
	pc.writech <- writeRequest{req, extra, writeErrCh}
	resc := make(chan responseAndError)
	pc.reqch <- requestAndChan{req, resc, gone}

	handleResponse := func(re responseAndError) (*Response, error) {
		if re.err != nil {
			return nil, pc.mapRoundTripError(written, re.err)
		}
		return re.res, nil
	}
	var respHeaderTimer <-chan time.Time
	ctxDoneChan := req.ctx.Done()
	pcClosed := pc.closech
	for {
		select {
		case err := <-writeErrCh:
			if err != nil {
				pc.close(fmt.Errorf("write error: %w", err))
				return nil, pc.mapRoundTripError(written, err)
			}
			if d := pc.t.ResponseHeaderTimeout; d > 0 {
				timer := time.NewTimer(d)
				defer timer.Stop()
				respHeaderTimer = timer.C
			}
		case <-pcClosed:
			select {
			case re := <-resc:
				return handleResponse(re)
			default:
			}
			return nil, pc.mapRoundTripError(written, pc.closed)
		case <-respHeaderTimer:
			pc.close(errTimeout)
			return nil, errTimeout
		case re := <-resc:
			return handleResponse(re)
		case <-ctxDoneChan:
			select {
			case re := <-resc:
				return handleResponse(re)
			default:
			}
			pc.cancelRequest(context.Cause(req.ctx))
			ctxDoneChan = nil
		}
	}
}

// A bodyEOFSignal tells readLoop when the program is done with a body.
type bodyEOFSignal struct {
	body         io.ReadCloser
	closed       bool
	rerr         error
	fn           func(error) error
	earlyCloseFn func() error
}

func (es *bodyEOFSignal) Read(p []byte) (n int, err error) {
	if es.closed {
		return 0, errReadOnClosedResBody
	}
	if es.rerr != nil {
		return 0, es.rerr
	}
	n, err = es.body.Read(p)
	if err != nil {
		if es.rerr == nil {
			es.rerr = err
		}
		err = es.condfn(err)
	}
	return n, err
}

func (es *bodyEOFSignal) Close() error {
	if es.closed {
		return nil
	}
	es.closed = true
	if es.earlyCloseFn != nil && es.rerr == nil {
		earlyCloseFn := es.earlyCloseFn
		es.earlyCloseFn, es.fn = nil, nil
		return earlyCloseFn()
	}
	if es.rerr != nil && es.rerr != io.EOF {
		return nil // readLoop knows already
	}
	err := es.body.Close()
	return es.condfn(err)
}

func (es *bodyEOFSignal) condfn(err error) error {
	if es.fn == nil {
		return err
	}
	fn := es.fn
	es.fn, es.earlyCloseFn = nil, nil
	return fn(err)
}
