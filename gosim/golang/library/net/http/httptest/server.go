// Package httptest is gosim's model of Go's package net/http/httptest.
package httptest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

// A Server listens at an address of this machine.
type Server struct {
	URL         string
	Listener    net.Listener
	EnableHTTP2 bool
	Config      *http.Server

	wg     sync.WaitGroup
	closed bool
	conns  states
	client *http.Client
}

// states has the connections and how far they are.
//
//gosim:is gosim.runtime.netpoll.Registry
type states struct{ _ int }

func (s *states) put(c net.Conn, state http.ConnState)
func (s *states) drop(c net.Conn)
func (s *states) state(c net.Conn) (http.ConnState, bool)
func (s *states) all() []net.Conn

func newLocalListener() net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(fmt.Sprintf("httptest: failed to listen on a port: %v", err))
	}
	return l
}

// NewServer starts a server; it has to be closed.
func NewServer(handler http.Handler) *Server {
	ts := NewUnstartedServer(handler)
	ts.Start()
	return ts
}

func NewUnstartedServer(handler http.Handler) *Server {
	return &Server{Listener: newLocalListener(), Config: &http.Server{Handler: handler}}
}

func (s *Server) Start() {
	if s.URL != "" {
		panic("Server already started")
	}
	if s.client == nil {
		s.client = &http.Client{Transport: &http.Transport{}}
	}
	s.URL = "http://" + s.Listener.Addr().String()
	s.wrap()
	s.goServe()
}

func (s *Server) goServe() {
	s.wg.Add(1)
	worksFor()
	go func() {
		defer s.wg.Done()
		s.Config.Serve(s.Listener)
	}()
}

// wrap counts the connections, so that Close can wait for those that are busy.
func (s *Server) wrap() {
	old := s.Config.ConnState
	s.Config.ConnState = func(c net.Conn, cs http.ConnState) {
		switch cs {
		case http.StateNew:
			s.wg.Add(1)
			s.conns.put(c, cs)
			if s.closed {
				s.closeConn(c)
			}
		case http.StateActive:
			if old, ok := s.conns.state(c); ok && (old == http.StateNew || old == http.StateIdle) {
				s.conns.put(c, cs)
			}
		case http.StateIdle:
			if old, ok := s.conns.state(c); ok && old == http.StateActive {
				s.conns.put(c, cs)
			}
			if s.closed {
				s.closeConn(c)
			}
		case http.StateHijacked, http.StateClosed:
			if _, ok := s.conns.state(c); ok {
				s.conns.drop(c)
				defer s.wg.Done()
			}
		}
		if old != nil {
			old(c, cs)
		}
	}
}

func (s *Server) closeConn(c net.Conn) { c.Close() }

// worksFor says that the goroutine started next works for the call that the program makes now.
func worksFor()

type closeIdleTransport interface {
	CloseIdleConnections()
}

// Close closes the server and waits until all requests are done.
func (s *Server) Close() {
	if !s.closed {
		s.closed = true
		s.Listener.Close()
		s.Config.SetKeepAlivesEnabled(false)
		for _, c := range s.conns.all() {
			if st, _ := s.conns.state(c); st == http.StateIdle || st == http.StateNew {
				s.closeConn(c)
			}
		}
		t := time.AfterFunc(5*time.Second, s.logCloseHangDebugInfo)
		defer t.Stop()
	}
	if t, ok := http.DefaultTransport.(closeIdleTransport); ok {
		t.CloseIdleConnections()
	}
	if s.client != nil {
		if t, ok := s.client.Transport.(closeIdleTransport); ok {
			t.CloseIdleConnections()
		}
	}
	s.wg.Wait()
}

func (s *Server) logCloseHangDebugInfo() {
	var b strings.Builder
	b.WriteString("httptest.Server blocked in Close after 5 seconds, waiting for connections:\n")
	for _, c := range s.conns.all() {
		st, _ := s.conns.state(c)
		fmt.Fprintf(&b, "  %T %p %v in state %v\n", c, c, c.RemoteAddr(), st)
	}
	fmt.Fprint(os.Stderr, b.String())
}

// CloseClientConnections closes all connections at once.
func (s *Server) CloseClientConnections() {
	for _, c := range s.conns.all() {
		s.closeConn(c)
	}
}

// Client returns a client for this server; its connections are closed with it.
func (s *Server) Client() *http.Client { return s.client }

// NewRequest returns a request as a server gets it.
func NewRequest(method, target string, body io.Reader) *http.Request {
	if method == "" {
		method = "GET"
	}
	req, err := http.ReadRequest(bufio.NewReader(strings.NewReader(method + " " + target + " HTTP/1.0\r\n\r\n")))
	if err != nil {
		panic("invalid NewRequest arguments; " + err.Error())
	}
	req.Proto, req.ProtoMinor, req.Close = "HTTP/1.1", 1, false
	if body != nil {
		switch v := body.(type) {
		case *bytes.Buffer:
			req.ContentLength = int64(v.Len())
		case *bytes.Reader:
			req.ContentLength = int64(v.Len())
		case *strings.Reader:
			req.ContentLength = int64(v.Len())
		default:
			req.ContentLength = -1
		}
		if rc, ok := body.(io.ReadCloser); ok {
			req.Body = rc
		} else {
			req.Body = io.NopCloser(body)
		}
	}
	req.RemoteAddr = "192.0.2.1:1234"
	if req.Host == "" {
		req.Host = "example.com"
	}
	return req
}

// DefaultRemoteAddr is where requests seem to come from.
const DefaultRemoteAddr = "1.2.3.4"

// A ResponseRecorder keeps what a handler answers.
type ResponseRecorder struct {
	Code      int
	HeaderMap http.Header
	Body      *bytes.Buffer
	Flushed   bool

	result      *http.Response
	snapHeader  http.Header
	wroteHeader bool
}

func NewRecorder() *ResponseRecorder {
	return &ResponseRecorder{HeaderMap: make(http.Header), Body: new(bytes.Buffer), Code: 200}
}

func (rw *ResponseRecorder) Header() http.Header {
	if rw.HeaderMap == nil {
		rw.HeaderMap = make(http.Header)
	}
	return rw.HeaderMap
}

func (rw *ResponseRecorder) begin(b []byte) {
	if rw.wroteHeader {
		return
	}
	if h := rw.Header(); h["Content-Type"] == nil && h.Get("Transfer-Encoding") == "" {
		h.Set("Content-Type", http.DetectContentType(b))
	}
	rw.WriteHeader(200)
}

func (rw *ResponseRecorder) Write(buf []byte) (int, error) {
	rw.begin(buf)
	if rw.Body != nil {
		rw.Body.Write(buf)
	}
	return len(buf), nil
}

func (rw *ResponseRecorder) WriteString(str string) (int, error) { return rw.Write([]byte(str)) }

func (rw *ResponseRecorder) WriteHeader(code int) {
	if rw.wroteHeader {
		return
	}
	rw.Code = code
	rw.wroteHeader = true
	rw.snapHeader = rw.Header().Clone()
}

func (rw *ResponseRecorder) Flush() {
	if !rw.wroteHeader {
		rw.WriteHeader(200)
	}
	rw.Flushed = true
}

// Result returns the answer as a client gets it.
func (rw *ResponseRecorder) Result() *http.Response {
	if rw.result != nil {
		return rw.result
	}
	if rw.snapHeader == nil {
		rw.snapHeader = rw.Header().Clone()
	}
	code := rw.Code
	if code == 0 {
		code = 200
	}
	res := &http.Response{StatusCode: code, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: rw.snapHeader}
	res.Status = fmt.Sprintf("%03d %s", code, http.StatusText(code))
	res.Body = http.NoBody
	if rw.Body != nil {
		res.Body = io.NopCloser(bytes.NewReader(rw.Body.Bytes()))
	}
	res.ContentLength = -1
	rw.result = res
	return res
}
