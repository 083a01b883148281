package http

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

var (
	ErrHijacked        = errors.New("http: connection has been hijacked")
	ErrServerClosed    = errors.New("http: Server closed")
	ErrAbortHandler    = errors.New("net/http: abort Handler")
)

// A Handler answers requests.
type Handler interface {
	ServeHTTP(ResponseWriter, *Request)
}

// A ResponseWriter is what a handler answers with.
type ResponseWriter interface {
	Header() Header
	Write([]byte) (int, error)
	WriteHeader(statusCode int)
}

// A Flusher sends what was written so far.
type Flusher interface {
	Flush()
}

// A Hijacker hands the connection over.
type Hijacker interface {
	Hijack() (net.Conn, *bufio.ReadWriter, error)
}

// HandlerFunc is a function that is a Handler.
type HandlerFunc func(ResponseWriter, *Request)

func (f HandlerFunc) ServeHTTP(w ResponseWriter, r *Request) {
	f(w, r)
}

type contextKey struct {
	name string
}

func (k *contextKey) String() string { return "net/http context value " + k.name }

var (
	ServerContextKey    = &contextKey{"http-server"}
	LocalAddrContextKey = &contextKey{"local-addr"}
)

// ---- answers ----

const bufferBeforeChunking = 2048

// A chunkWriter puts the head before the first bytes of the body.
type chunkWriter struct {
	res         *response
	header      Header
	wroteHeader bool
	chunking    bool
}

func (cw *chunkWriter) Write(p []byte) (n int, err error) {
	if !cw.wroteHeader {
		cw.writeHeader(p)
	}
	if cw.res.req.Method == "HEAD" {
		return len(p), nil
	}
	out := cw.res.conn.bufw
	if cw.chunking {
		if _, err = io.WriteString(out, strconv.FormatInt(int64(len(p)), 16)+"\r\n"); err == nil {
			if n, err = out.Write(p); err == nil {
				_, err = io.WriteString(out, "\r\n")
			}
		}
	} else {
		n, err = out.Write(p)
	}
	if err != nil {
		cw.res.conn.rwc.Close()
	}
	return n, err
}

func (cw *chunkWriter) flush() error {
	if !cw.wroteHeader {
		cw.writeHeader(nil)
	}
	return cw.res.conn.bufw.Flush()
}

func (cw *chunkWriter) close() {
	if !cw.wroteHeader {
		cw.writeHeader(nil)
	}
	if cw.chunking {
		io.WriteString(cw.res.conn.bufw, "0\r\n\r\n")
	}
}

func (cw *chunkWriter) writeHeader(p []byte) {
	if cw.wroteHeader {
		return
	}
	cw.wroteHeader = true
	w := cw.res
	header := cw.header
	if header == nil {
		header = w.handlerHeader.Clone()
	}
	if header == nil {
		header = Header{}
	}
	isHEAD := w.req.Method == "HEAD"
	length := -1
	if w.handlerDone && header["Transfer-Encoding"] == nil && header["Content-Length"] == nil &&
		bodyAllowedForStatus(w.status) && (!isHEAD || len(p) > 0) {
		w.contentLength = int64(len(p))
		length = len(p)
	}
	keeps := w.conn.server.doKeepAlives()
	if !keeps || !w.wants10KeepAlive && !w.req.ProtoAtLeast(1, 1) || hasToken(header["Connection"], "close") || w.req.Close {
		w.closeAfterReply = true
	}
	if w.reqBody.remains() && !w.closeAfterReply {
		// What the handler did not read is read now, if it is not too much.
		if w.reqBody.early || !w.reqBody.chunked && w.reqBody.left > maxPostHandlerReadBytes {
			w.closeAfterReply = true
		} else if !w.conn.r.inRead {
			n, err := io.CopyN(io.Discard, readerFunc(w.reqBody.read), maxPostHandlerReadBytes+1)
			if err == nil || err != io.EOF || n > maxPostHandlerReadBytes {
				w.closeAfterReply = true
			}
		}
	}
	code := w.status
	var extra [5]string // what the server adds comes behind what the handler has set
	add := func(i int, key, value string) { extra[i] = key + ": " + value + "\r\n" }
	if length >= 0 {
		add(1, "Content-Length", strconv.Itoa(length))
	}
	if bodyAllowedForStatus(code) {
		if header["Content-Type"] == nil && header.Get("Transfer-Encoding") == "" && len(p) > 0 {
			add(2, "Content-Type", DetectContentType(p))
		}
	} else {
		header.Del("Content-Type")
		header.Del("Content-Length")
		header.Del("Transfer-Encoding")
	}
	if header["Date"] == nil {
		add(0, "Date", time.Now().UTC().Format(TimeFormat))
	}
	switch {
	case isHEAD || !bodyAllowedForStatus(code) || code == StatusNoContent:
	case length >= 0 || header["Content-Length"] != nil:
		header.Del("Transfer-Encoding")
	case w.req.ProtoAtLeast(1, 1):
		if header.Get("Transfer-Encoding") != "identity" {
			cw.chunking = true
			header.Del("Transfer-Encoding")
			add(4, "Transfer-Encoding", "chunked")
			if header.Get("Connection") == "close" {
				header.Del("Connection")
				add(3, "Connection", "close")
			}
		}
	default:
		w.closeAfterReply = true
	}
	if w.closeAfterReply && header["Connection"] == nil && w.req.ProtoAtLeast(1, 1) {
		add(3, "Connection", "close")
	}
	text := StatusText(code)
	if text == "" {
		text = "status code " + strconv.Itoa(code)
	}
	proto := "HTTP/1.0 "
	if w.req.ProtoAtLeast(1, 1) {
		proto = "HTTP/1.1 "
	}
	io.WriteString(w.conn.bufw, proto+strconv.Itoa(code)+" "+text+"\r\n"+header.text(nil)+strings.Join(extra[:], "")+"\r\n")
}

// A response is the server's side of an answer.
type response struct {
	conn             *conn
	req              *Request
	reqBody          *body
	cancelCtx        context.CancelFunc
	wroteHeader      bool
	wants10KeepAlive bool
	w                *bufio.Writer
	cw               chunkWriter
	handlerHeader    Header
	status           int
	contentLength    int64 // -1 if the handler has not said
	written          int64
	closeAfterReply  bool
	handlerDone      bool
	hijacked         bool
	closeNotifyCh    chan bool
	notified         bool
}

func (w *response) Header() Header {
	if w.cw.header == nil && w.wroteHeader && !w.cw.wroteHeader {
		w.cw.header = w.handlerHeader.Clone()
	}
	return w.handlerHeader
}

func (w *response) WriteHeader(code int) {
	if w.hijacked {
		w.conn.server.logf("http: response.WriteHeader on hijacked connection")
		return
	}
	if w.wroteHeader {
		function, file, line := caller()
		w.conn.server.logf("http: superfluous response.WriteHeader call from %s (%s:%d)", function, file, line)
		return
	}
	if code < 100 || code > 999 {
		panic(fmt.Sprintf("invalid WriteHeader code %v", code))
	}
	if code >= 100 && code <= 199 && code != StatusSwitchingProtocols {
		io.WriteString(w.conn.bufw, "HTTP/1.1 "+strconv.Itoa(code)+" "+StatusText(code)+"\r\n"+w.handlerHeader.text(nil)+"\r\n")
		w.conn.bufw.Flush()
		return
	}
	w.wroteHeader = true
	w.status = code
	if cl := w.handlerHeader.Get("Content-Length"); cl != "" {
		v, err := strconv.ParseInt(cl, 10, 64)
		if err == nil && v >= 0 {
			w.contentLength = v
		} else {
			w.conn.server.logf("http: invalid Content-Length of %q", cl)
			w.handlerHeader.Del("Content-Length")
		}
	}
}

// caller is the first function above that is not of this package.
func caller() (function, file string, line int) {
	for i := 2; i < 12; i++ {
		pc, f, l, ok := runtime.Caller(i)
		if !ok {
			break
		}
		function = runtime.FuncForPC(pc).Name()
		if !strings.HasPrefix(function, "net/http.") {
			if i := strings.LastIndexByte(f, '/'); i >= 0 {
				f = f[i+1:]
			}
			return function, f, l
		}
	}
	return "unknown", "unknown", 0
}

func (w *response) Write(data []byte) (n int, err error) {
	return w.write(len(data), data, "")
}

func (w *response) WriteString(data string) (n int, err error) {
	return w.write(len(data), nil, data)
}

func (w *response) write(n int, data []byte, s string) (int, error) {
	if w.hijacked {
		if n > 0 {
			w.conn.server.logf("http: response.Write on hijacked connection")
		}
		return 0, ErrHijacked
	}
	if !w.wroteHeader {
		w.WriteHeader(StatusOK)
	}
	if n == 0 {
		return 0, nil
	}
	if !bodyAllowedForStatus(w.status) {
		return 0, ErrBodyNotAllowed
	}
	w.written += int64(n)
	if w.contentLength != -1 && w.written > w.contentLength {
		return 0, ErrContentLength
	}
	if data != nil {
		return w.w.Write(data)
	}
	return w.w.WriteString(s)
}

func (w *response) Flush() { w.FlushError() }

func (w *response) FlushError() error {
	if !w.wroteHeader {
		w.WriteHeader(StatusOK)
	}
	err := w.w.Flush()
	if failed := w.cw.flush(); err == nil {
		err = failed
	}
	return err
}

func (w *response) SetReadDeadline(deadline time.Time) error {
	return w.conn.rwc.SetReadDeadline(deadline)
}

func (w *response) SetWriteDeadline(deadline time.Time) error {
	return w.conn.rwc.SetWriteDeadline(deadline)
}

func (w *response) EnableFullDuplex() error { return nil }

func (w *response) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if w.handlerDone {
		panic("net/http: Hijack called after ServeHTTP finished")
	}
	if w.wroteHeader {
		w.cw.flush()
	}
	c := w.conn
	if c.hijackedv {
		return nil, nil, ErrHijacked
	}
	c.r.abortPendingRead()
	c.hijackedv = true
	w.hijacked = true
	c.rwc.SetDeadline(time.Time{})
	if c.r.hasByte {
		c.bufr.Peek(c.bufr.Buffered() + 1)
	}
	c.setState(StateHijacked)
	return c.rwc, bufio.NewReadWriter(c.bufr, bufio.NewWriter(c.rwc)), nil
}

func (w *response) CloseNotify() <-chan bool { return w.closeNotifyCh }

func (w *response) closeNotify() {
	if !w.notified {
		w.notified = true
		w.closeNotifyCh <- true
	}
}

func (w *response) finishRequest() {
	w.handlerDone = true
	if !w.wroteHeader {
		w.WriteHeader(StatusOK)
	}
	w.w.Flush()
	w.cw.close()
	w.conn.bufw.Flush()
	w.conn.r.abortPendingRead()
	if w.reqBody != nil {
		w.reqBody.Close()
	}
}

func (w *response) shouldReuseConnection() bool {
	if w.closeAfterReply {
		return false
	}
	if w.req.Method != "HEAD" && w.contentLength != -1 && bodyAllowedForStatus(w.status) && w.contentLength != w.written {
		return false
	}
	if w.conn.werr != nil {
		return false
	}
	return w.reqBody == nil || !w.reqBody.early
}

// ---- connections ----

// A conn is the server's side of a connection.
type conn struct {
	server     *Server
	cancelCtx  context.CancelFunc
	rwc        net.Conn
	remoteAddr string
	werr       error
	r          *connReader
	bufr       *bufio.Reader
	bufw       *bufio.Writer
	curReq     *response
	state      ConnState
	since      time.Time
	hijackedv  bool
}

// A connReader reads for one connection, one byte ahead while a handler runs: so it is noticed that
// the client goes away.
type connReader struct {
	conn    *conn
	rwc     net.Conn
	done    chan struct{} // closed when the read ahead is over
	hasByte bool
	byteBuf [1]byte
	inRead  bool
	aborted bool
}

func (cr *connReader) startBackgroundRead() {
	if cr.inRead {
		panic("invalid concurrent Body.Read call")
	}
	if cr.hasByte {
		return
	}
	cr.inRead = true
	cr.done = make(chan struct{})
	cr.rwc.SetReadDeadline(time.Time{})
	go cr.backgroundRead()
}

func (cr *connReader) backgroundRead() {
	n, err := cr.rwc.Read(cr.byteBuf[:])
	if n == 1 {
		cr.hasByte = true
	}
	if ne, ok := err.(net.Error); ok && cr.aborted && ne.Timeout() {
		// Not an error: the handler is done.
	} else if err != nil {
		cr.handleReadError()
	}
	cr.aborted = false
	cr.inRead = false
	close(cr.done)
}

func (cr *connReader) abortPendingRead() {
	if !cr.inRead {
		return
	}
	cr.aborted = true
	cr.rwc.SetReadDeadline(aLongTimeAgo)
	<-cr.done
	cr.rwc.SetReadDeadline(time.Time{})
}

var aLongTimeAgo = time.Unix(1, 0)

func (cr *connReader) handleReadError() {
	cr.conn.cancelCtx()
	if w := cr.conn.curReq; w != nil {
		w.closeNotify()
	}
}

func (cr *connReader) Read(p []byte) (n int, err error) {
	if cr.inRead {
		if cr.conn.hijackedv {
			panic("invalid Body.Read call. After hijacked, the original Request must not be used")
		}
		panic("invalid concurrent Body.Read call")
	}
	if len(p) == 0 {
		return 0, nil
	}
	if cr.hasByte {
		p[0] = cr.byteBuf[0]
		cr.hasByte = false
		return 1, nil
	}
	cr.inRead = true
	n, err = cr.rwc.Read(p)
	cr.inRead = false
	if err != nil {
		cr.handleReadError()
	}
	return n, err
}

// A checkConnErrorWriter remembers that writing failed, and ends the requests of the connection.
type checkConnErrorWriter struct {
	c *conn
}

func (w checkConnErrorWriter) Write(p []byte) (n int, err error) {
	n, err = w.c.rwc.Write(p)
	if err != nil && w.c.werr == nil {
		w.c.werr = err
		w.c.cancelCtx()
	}
	return n, err
}

func (c *conn) setState(state ConnState) {
	s := c.server
	switch state {
	case StateNew:
		s.activeConn.add(c)
	case StateHijacked, StateClosed:
		s.activeConn.remove(c)
	}
	c.state, c.since = state, time.Now()
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
	if hook := s.ConnState; hook != nil {
		hook(c.rwc, state)
	}
}

func (c *conn) readRequest(ctx context.Context) (w *response, err error) {
	if c.hijackedv {
		return nil, ErrHijacked
	}
	s := c.server
	var whole time.Time
	if d := s.ReadTimeout; d > 0 {
		whole = time.Now().Add(d)
	}
	if d := s.readHeaderTimeout(); d > 0 {
		c.rwc.SetReadDeadline(time.Now().Add(d))
	} else if c.state != StateNew {
		c.rwc.SetReadDeadline(time.Time{})
	}
	if d := s.WriteTimeout; d > 0 {
		defer func() { c.rwc.SetWriteDeadline(time.Now().Add(d)) }()
	}
	req, bd, err := readRequest(c.bufr)
	if err != nil {
		return nil, err
	}
	if req.ProtoAtLeast(1, 1) && req.Host == "" && req.Method != "CONNECT" {
		return nil, badRequest("missing required Host header")
	}
	if s.readHeaderTimeout() > 0 {
		c.rwc.SetReadDeadline(whole)
	}
	ctx, cancelCtx := context.WithCancel(ctx)
	req.ctx = ctx
	req.RemoteAddr = c.remoteAddr
	if bd != nil {
		bd.drains = true
	}
	w = &response{
		conn: c, cancelCtx: cancelCtx, req: req, reqBody: bd, handlerHeader: make(Header), contentLength: -1,
		closeNotifyCh: make(chan bool, 1), wants10KeepAlive: hasToken(req.Header["Connection"], "keep-alive"),
	}
	w.cw.res = w
	w.w = bufio.NewWriterSize(&w.cw, bufferBeforeChunking)
	return w, nil
}

type serverHandler struct {
	srv *Server
}

func (sh serverHandler) ServeHTTP(rw ResponseWriter, req *Request) {
	handler := sh.srv.Handler
	if handler == nil {
		handler = DefaultServeMux
	}
	if req.RequestURI == "*" && req.Method == "OPTIONS" {
		rw.Header().Set("Content-Length", "0")
		return
	}
	handler.ServeHTTP(rw, req)
}

const rstAvoidanceDelay = 500 * time.Millisecond

// closeWriteAndWait lets the client read the answer before the connection goes away.
func (c *conn) closeWriteAndWait() {
	c.bufw.Flush()
	if tcp, ok := c.rwc.(interface{ CloseWrite() error }); ok {
		tcp.CloseWrite()
	}
	time.Sleep(rstAvoidanceDelay)
}

func (c *conn) serve(ctx context.Context) {
	if ra := c.rwc.RemoteAddr(); ra != nil {
		c.remoteAddr = ra.String()
	}
	ctx = context.WithValue(ctx, LocalAddrContextKey, c.rwc.LocalAddr())
	var inFlightResponse *response
	defer func() {
		if err := recover(); err != nil && err != ErrAbortHandler {
			const size = 64 << 10
			buf := make([]byte, size)
			buf = buf[:runtime.Stack(buf, false)]
			c.server.logf("http: panic serving %v: %v\n%s", c.remoteAddr, err, buf)
		}
		if inFlightResponse != nil {
			inFlightResponse.cancelCtx()
		}
		if !c.hijackedv {
			if inFlightResponse != nil {
				inFlightResponse.conn.r.abortPendingRead()
			}
			if c.bufw != nil {
				c.bufw.Flush()
			}
			c.rwc.Close()
			c.setState(StateClosed)
		}
	}()
	ctx, cancelCtx := context.WithCancel(ctx)
	c.cancelCtx = cancelCtx
	defer cancelCtx()

	c.r = &connReader{conn: c, rwc: c.rwc}
	c.bufr = bufio.NewReader(c.r)
	c.bufw = bufio.NewWriterSize(checkConnErrorWriter{c}, 4<<10)
	for {
		w, err := c.readRequest(ctx)
		if err == nil {
			c.setState(StateActive)
		}
		if c.server.shuttingDown() {
			return
		}
		if err != nil {
			const rest = "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
			var ne *net.OpError
			if err == io.EOF || errors.As(err, &ne) && (ne.Timeout() || ne.Op == "read") {
				return // nobody is there to be answered
			}
			text := "400 Bad Request"
			if bad, ok := err.(badRequest); ok {
				text += ": " + string(bad)
				fmt.Fprintf(c.rwc, "HTTP/1.1 %s%s%s", text, rest, text)
				return
			}
			fmt.Fprintf(c.rwc, "HTTP/1.1 %s%s%s", text, rest, text)
			return
		}
		req := w.req
		if hasToken(req.Header["Expect"], "100-continue") && req.ProtoAtLeast(1, 1) && req.ContentLength != 0 {
			io.WriteString(c.bufw, "HTTP/1.1 100 Continue\r\n\r\n")
			c.bufw.Flush()
		}
		c.curReq = w
		if w.reqBody.remains() {
			w.reqBody.onHitEOF = w.conn.r.startBackgroundRead
		} else {
			w.conn.r.startBackgroundRead()
		}
		inFlightResponse = w
		serverHandler{c.server}.ServeHTTP(w, w.req)
		inFlightResponse = nil
		w.cancelCtx()
		if c.hijackedv {
			return
		}
		w.finishRequest()
		if c.server.WriteTimeout > 0 {
			c.rwc.SetWriteDeadline(time.Time{})
		}
		if !w.shouldReuseConnection() {
			if w.reqBody != nil && w.reqBody.early {
				c.closeWriteAndWait()
			}
			return
		}
		c.setState(StateIdle)
		c.curReq = nil
		if !c.server.doKeepAlives() {
			return
		}
		if d := c.server.idleTimeout(); d > 0 {
			c.rwc.SetReadDeadline(time.Now().Add(d))
		} else {
			c.rwc.SetReadDeadline(time.Time{})
		}
		// The goroutine waits here for the next request.
		if _, err := c.bufr.Peek(4); err != nil {
			return
		}
		c.rwc.SetReadDeadline(time.Time{})
	}
}

// ---- servers ----

// A ConnState is how far a connection is.
type ConnState int

const (
	StateNew ConnState = iota
	StateActive
	StateIdle
	StateHijacked
	StateClosed
)

func (c ConnState) String() string {
	if c < StateNew || c > StateClosed {
		return ""
	}
	return [...]string{"new", "active", "idle", "hijacked", "closed"}[c]
}

// conns are the connections of a server.
//
//gosim:is gosim.runtime.netpoll.Registry
type conns struct{ _ int }

func (s *conns) add(c *conn)
func (s *conns) remove(c *conn)
func (s *conns) all() []*conn

// A Server answers requests.
type Server struct {
	Addr                         string
	Handler                      Handler
	DisableGeneralOptionsHandler bool
	ReadTimeout                  time.Duration
	ReadHeaderTimeout            time.Duration
	WriteTimeout                 time.Duration
	IdleTimeout                  time.Duration
	MaxHeaderBytes               int
	ConnState                    func(net.Conn, ConnState)
	ErrorLog                     *log.Logger
	BaseContext                  func(net.Listener) context.Context
	ConnContext                  func(ctx context.Context, c net.Conn) context.Context

	inShutdown        bool
	disableKeepAlives bool
	listeners         []*onceCloseListener
	serving           sync.WaitGroup
	activeConn        conns
	onShutdown        []func()
	changed           chan struct{} // closed when a connection has changed its state
}

// A onceCloseListener is closed once.
type onceCloseListener struct {
	net.Listener
	closed bool
	err    error
}

func (l *onceCloseListener) Close() error {
	if !l.closed {
		l.closed = true
		l.err = l.Listener.Close()
	}
	return l.err
}

func (s *Server) doKeepAlives() bool { return !s.disableKeepAlives && !s.shuttingDown() }
func (s *Server) shuttingDown() bool { return s.inShutdown }

func (s *Server) SetKeepAlivesEnabled(v bool) { s.disableKeepAlives = !v }

func (s *Server) idleTimeout() time.Duration {
	if s.IdleTimeout != 0 {
		return s.IdleTimeout
	}
	return s.ReadTimeout
}

func (s *Server) readHeaderTimeout() time.Duration {
	if s.ReadHeaderTimeout != 0 {
		return s.ReadHeaderTimeout
	}
	return s.ReadTimeout
}

func (s *Server) logf(format string, args ...any) {
	if s.ErrorLog != nil {
		s.ErrorLog.Printf(format, args...)
	} else {
		log.Printf(format, args...)
	}
}

func (s *Server) ListenAndServe() error {
	if s.shuttingDown() {
		return ErrServerClosed
	}
	addr := s.Addr
	if addr == "" {
		addr = ":http"
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return s.Serve(ln)
}

// Serve accepts connections and starts a goroutine for each, until the listener is closed.
func (s *Server) Serve(l net.Listener) error {
	origListener := l
	once := &onceCloseListener{Listener: l}
	defer once.Close()
	if s.shuttingDown() {
		return ErrServerClosed
	}
	s.listeners = append(s.listeners, once)
	s.serving.Add(1)
	defer s.forget(once)
	baseCtx := context.Background()
	if s.BaseContext != nil {
		baseCtx = s.BaseContext(origListener)
		if baseCtx == nil {
			panic("BaseContext returned a nil context")
		}
	}
	ctx := context.WithValue(baseCtx, ServerContextKey, s)
	for {
		rw, err := once.Listener.Accept()
		if err != nil {
			if s.shuttingDown() {
				return ErrServerClosed
			}
			return err
		}
		connCtx := ctx
		if s.ConnContext != nil {
			connCtx = s.ConnContext(connCtx, rw)
			if connCtx == nil {
				panic("ConnContext returned nil")
			}
		}
		c := &conn{server: s, rwc: rw}
		c.setState(StateNew)
		go c.serve(connCtx)
	}
}

func (s *Server) forget(l *onceCloseListener) {
	for i, each := range s.listeners {
		if each == l {
			s.listeners = append(s.listeners[:i:i], s.listeners[i+1:]...)
			break
		}
	}
	s.serving.Done()
}

func (s *Server) closeListeners() error {
	var err error
	for _, l := range append([]*onceCloseListener(nil), s.listeners...) {
		if failed := l.Close(); failed != nil && err == nil {
			err = failed
		}
	}
	return err
}

// Close closes listeners and all connections at once.
func (s *Server) Close() error {
	s.inShutdown = true
	err := s.closeListeners()
	s.serving.Wait()
	for _, c := range s.activeConn.all() {
		c.rwc.Close()
		s.activeConn.remove(c)
	}
	return err
}

// Shutdown closes the listeners and the idle connections, and waits until those that are busy have
// become idle. It ends no context of a request, and no handler. Go looks again and again; here it is
// told when to look.
func (s *Server) Shutdown(ctx context.Context) error {
	s.inShutdown = true
	lnerr := s.closeListeners()
	for _, f := range s.onShutdown {
		go f()
	}
	s.serving.Wait()
	for {
		changed := make(chan struct{})
		s.changed = changed
		quiescent, fresh := s.closeIdleConns()
		if quiescent {
			return lnerr
		}
		var old <-chan time.Time
		if fresh {
			old = time.After(newConnIsIdle)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		case <-old:
		}
	}
}

// newConnIsIdle is when a connection on which no request came counts as idle.
const newConnIsIdle = 5 * time.Second

func (s *Server) RegisterOnShutdown(f func()) { s.onShutdown = append(s.onShutdown, f) }

func (s *Server) closeIdleConns() (quiescent, fresh bool) {
	quiescent = true
	for _, c := range s.activeConn.all() {
		old := c.state == StateNew && time.Since(c.since) >= newConnIsIdle
		if c.state != StateIdle && !old {
			quiescent = false
			fresh = fresh || c.state == StateNew
			continue
		}
		c.rwc.Close()
		s.activeConn.remove(c)
	}
	return quiescent, fresh
}

func Serve(l net.Listener, handler Handler) error {
	srv := &Server{Handler: handler}
	return srv.Serve(l)
}

func ListenAndServe(addr string, handler Handler) error {
	server := &Server{Addr: addr, Handler: handler}
	return server.ListenAndServe()
}

// ---- helpers for handlers ----

func Error(w ResponseWriter, error string, code int) {
	h := w.Header()
	h.Del("Content-Length")
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(code)
	fmt.Fprintln(w, error)
}

func NotFound(w ResponseWriter, r *Request) { Error(w, "404 page not found", StatusNotFound) }

func NotFoundHandler() Handler { return HandlerFunc(NotFound) }

// Redirect answers with another URL.
func Redirect(w ResponseWriter, r *Request, url string, code int) {
	if !strings.Contains(url, "://") && !strings.HasPrefix(url, "/") {
		old := r.URL.Path
		url = old[:strings.LastIndexByte(old, '/')+1] + url
	}
	h := w.Header()
	_, had := h["Content-Type"]
	h.Set("Location", url)
	if !had && (r.Method == "GET" || r.Method == "HEAD") {
		h.Set("Content-Type", "text/html; charset=utf-8")
	}
	w.WriteHeader(code)
	if !had && r.Method == "GET" {
		fmt.Fprintln(w, "<a href=\""+strings.ReplaceAll(url, "&", "&amp;")+"\">"+StatusText(code)+"</a>.\n")
	}
}

type redirectHandler struct {
	url  string
	code int
}

func (rh *redirectHandler) ServeHTTP(w ResponseWriter, r *Request) { Redirect(w, r, rh.url, rh.code) }

func RedirectHandler(url string, code int) Handler { return &redirectHandler{url, code} }

// StripPrefix takes a prefix from the path before h sees it.
func StripPrefix(prefix string, h Handler) Handler {
	if prefix == "" {
		return h
	}
	return HandlerFunc(func(w ResponseWriter, r *Request) {
		p := strings.TrimPrefix(r.URL.Path, prefix)
		if len(p) == len(r.URL.Path) {
			NotFound(w, r)
			return
		}
		r2 := r.Clone(r.Context())
		r2.URL.Path = p
		h.ServeHTTP(w, r2)
	})
}

// A MaxBytesError says that a body is too long.
type MaxBytesError struct {
	Limit int64
}

func (e *MaxBytesError) Error() string { return "http: request body too large" }

type maxBytesReader struct {
	r    io.ReadCloser
	i, n int64
	err  error
}

// MaxBytesReader lets at most n bytes of a body be read.
func MaxBytesReader(w ResponseWriter, r io.ReadCloser, n int64) io.ReadCloser {
	n = max(n, 0)
	return &maxBytesReader{r: r, i: n, n: n}
}

func (l *maxBytesReader) Read(p []byte) (n int, err error) {
	if l.err != nil {
		return 0, l.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	if int64(len(p))-1 > l.n {
		p = p[:l.n+1]
	}
	n, err = l.r.Read(p)
	if int64(n) <= l.n {
		l.n -= int64(n)
		l.err = err
		return n, err
	}
	n = int(l.n)
	l.n = 0
	l.err = &MaxBytesError{l.i}
	return n, l.err
}

func (l *maxBytesReader) Close() error { return l.r.Close() }

// ---- a handler with a time limit ----

// TimeoutHandler lets h run for so long, and answers with 503 then. h itself runs on, in a
// goroutine of its own, and is told by its context only.
func TimeoutHandler(h Handler, dt time.Duration, msg string) Handler {
	return &timeoutHandler{handler: h, body: msg, dt: dt}
}

type timeoutHandler struct {
	handler Handler
	body    string
	dt      time.Duration
}

func (h *timeoutHandler) errorBody() string {
	if h.body != "" {
		return h.body
	}
	return "<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>"
}

func (h *timeoutHandler) ServeHTTP(w ResponseWriter, r *Request) {
	ctx, cancelCtx := context.WithTimeout(r.Context(), h.dt)
	defer cancelCtx()
	r = r.WithContext(ctx)
	done := make(chan struct{})
	tw := &timeoutWriter{w: w, h: make(Header), req: r}
	panicChan := make(chan any, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				panicChan <- p
			}
		}()
		h.handler.ServeHTTP(tw, r)
		close(done)
	}()
	select {
	case p := <-panicChan:
		panic(p)
	case <-done:
		tw.mu.Lock()
		defer tw.mu.Unlock()
		dst := w.Header()
		for k, vv := range tw.h {
			dst[k] = vv
		}
		if !tw.wroteHeader {
			tw.code = StatusOK
		}
		w.WriteHeader(tw.code)
		w.Write(tw.buf)
	case <-ctx.Done():
		tw.mu.Lock()
		defer tw.mu.Unlock()
		if err := ctx.Err(); err == context.DeadlineExceeded {
			w.WriteHeader(StatusServiceUnavailable)
			io.WriteString(w, h.errorBody())
			tw.err = ErrHandlerTimeout
		} else {
			w.WriteHeader(StatusServiceUnavailable)
			tw.err = err
		}
	}
}

type timeoutWriter struct {
	w           ResponseWriter
	h           Header
	buf         []byte
	req         *Request
	mu          sync.Mutex
	err         error
	wroteHeader bool
	code        int
}

func (tw *timeoutWriter) Header() Header { return tw.h }

func (tw *timeoutWriter) Write(p []byte) (int, error) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	if tw.err != nil {
		return 0, tw.err
	}
	if !tw.wroteHeader {
		tw.wroteHeader, tw.code = true, StatusOK
	}
	tw.buf = append(tw.buf, p...)
	return len(p), nil
}

func (tw *timeoutWriter) WriteHeader(code int) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	if tw.err == nil && !tw.wroteHeader {
		tw.wroteHeader, tw.code = true, code
	}
}

// ---- what a ResponseWriter may be able to do ----

// A ResponseController asks a ResponseWriter for more than the interface has.
type ResponseController struct {
	rw ResponseWriter
}

func NewResponseController(rw ResponseWriter) *ResponseController { return &ResponseController{rw} }

type unwrapper interface {
	Unwrap() ResponseWriter
}

func notSupported() error { return fmt.Errorf("%w", ErrNotSupported) }

func (c *ResponseController) Flush() error {
	rw := c.rw
	for {
		switch t := rw.(type) {
		case interface{ FlushError() error }:
			return t.FlushError()
		case Flusher:
			t.Flush()
			return nil
		case unwrapper:
			rw = t.Unwrap()
		default:
			return notSupported()
		}
	}
}

func (c *ResponseController) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	rw := c.rw
	for {
		switch t := rw.(type) {
		case Hijacker:
			return t.Hijack()
		case unwrapper:
			rw = t.Unwrap()
		default:
			return nil, nil, notSupported()
		}
	}
}

func (c *ResponseController) SetReadDeadline(deadline time.Time) error {
	rw := c.rw
	for {
		switch t := rw.(type) {
		case interface{ SetReadDeadline(time.Time) error }:
			return t.SetReadDeadline(deadline)
		case unwrapper:
			rw = t.Unwrap()
		default:
			return notSupported()
		}
	}
}

func (c *ResponseController) SetWriteDeadline(deadline time.Time) error {
	rw := c.rw
	for {
		switch t := rw.(type) {
		case interface{ SetWriteDeadline(time.Time) error }:
			return t.SetWriteDeadline(deadline)
		case unwrapper:
			rw = t.Unwrap()
		default:
			return notSupported()
		}
	}
}
