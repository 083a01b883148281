// Package net is gosim's model of Go's package net: a network in memory, of one process. Who
// listens and who dials are goroutines of the same program; there are names for this machine only.
package net

import (
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// An Addr is an address.
type Addr interface {
	Network() string
	String() string
}

// A Conn is a connection.
type Conn interface {
	Read(b []byte) (n int, err error)
	Write(b []byte) (n int, err error)
	Close() error
	LocalAddr() Addr
	RemoteAddr() Addr
	SetDeadline(t time.Time) error
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}

// A Listener waits for connections.
type Listener interface {
	Accept() (Conn, error)
	Close() error
	Addr() Addr
}

// An Error is an error of the network.
type Error interface {
	error
	Timeout() bool
	Temporary() bool
}

// ---- errors ----

// An OpError says which operation failed.
type OpError struct {
	Op     string
	Net    string
	Source Addr
	Addr   Addr
	Err    error
}

func (e *OpError) Unwrap() error { return e.Err }

func (e *OpError) Error() string {
	if e == nil {
		return "<nil>"
	}
	s := e.Op
	if e.Net != "" {
		s += " " + e.Net
	}
	if e.Source != nil {
		s += " " + e.Source.String()
	}
	if e.Addr != nil {
		if e.Source != nil {
			s += "->"
		} else {
			s += " "
		}
		s += e.Addr.String()
	}
	return s + ": " + e.Err.Error()
}

func (e *OpError) Timeout() bool {
	t, ok := e.Err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}

func (e *OpError) Temporary() bool {
	t, ok := e.Err.(interface{ Temporary() bool })
	return ok && t.Temporary()
}

type errClosed struct{}

func (errClosed) Error() string   { return "use of closed network connection" }
func (errClosed) Timeout() bool   { return false }
func (errClosed) Temporary() bool { return false }

// ErrClosed is the error of what is closed.
var ErrClosed error = errClosed{}

var (
	errMissingAddress = errors.New("missing address")
	errUnreachable    = errors.New("connect: network is unreachable")
)

// A DNSError says why a name has no address.
type DNSError struct {
	UnwrapErr   error
	Err         string
	Name        string
	Server      string
	IsTimeout   bool
	IsTemporary bool
	IsNotFound  bool
}

//gosim:since 1.23
func (e *DNSError) Unwrap() error { return e.UnwrapErr }

func (e *DNSError) Error() string {
	if e == nil {
		return "<nil>"
	}
	s := "lookup " + e.Name
	if e.Server != "" {
		s += " on " + e.Server
	}
	return s + ": " + e.Err
}

func (e *DNSError) Timeout() bool   { return e.IsTimeout }
func (e *DNSError) Temporary() bool { return e.IsTimeout || e.IsTemporary }

// An AddrError says what is wrong with an address.
type AddrError struct {
	Err  string
	Addr string
}

func (e *AddrError) Error() string {
	if e == nil {
		return "<nil>"
	}
	if e.Addr == "" {
		return e.Err
	}
	return "address " + e.Addr + ": " + e.Err
}

func (e *AddrError) Timeout() bool   { return false }
func (e *AddrError) Temporary() bool { return false }

// UnknownNetworkError is the error of a network that Go does not know.
type UnknownNetworkError string

func (e UnknownNetworkError) Error() string   { return "unknown network " + string(e) }
func (e UnknownNetworkError) Timeout() bool   { return false }
func (e UnknownNetworkError) Temporary() bool { return false }

// why makes an error of what the network says.
func why(call, text string) error {
	switch text {
	case "use of closed network connection":
		return ErrClosed
	case "i/o timeout":
		return os.ErrDeadlineExceeded
	}
	return errors.New(call + ": " + text)
}

// ---- addresses ----

// IPv4len and IPv6len are the lengths of addresses.
const (
	IPv4len = 4
	IPv6len = 16
)

// An IP is an address of four bytes, or sixteen.
type IP []byte

// IPv4 returns an address.
func IPv4(a, b, c, d byte) IP { return IP{a, b, c, d} }

func (ip IP) String() string {
	switch len(ip) {
	case 0:
		return "<nil>"
	case IPv4len:
		return strconv.Itoa(int(ip[0])) + "." + strconv.Itoa(int(ip[1])) + "." +
			strconv.Itoa(int(ip[2])) + "." + strconv.Itoa(int(ip[3]))
	}
	return "::1"
}

func (ip IP) IsLoopback() bool { return len(ip) != IPv4len || ip[0] == 127 }

// ParseIP reads an address of four numbers; of the others it knows ::1.
func ParseIP(s string) IP {
	if s == "::1" {
		ip := make(IP, IPv6len)
		ip[15] = 1
		return ip
	}
	parts := strings.Split(s, ".")
	if len(parts) != IPv4len {
		return nil
	}
	ip := make(IP, IPv4len)
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 8)
		if err != nil {
			return nil
		}
		ip[i] = byte(n)
	}
	return ip
}

// A TCPAddr is the address of an end of a connection.
type TCPAddr struct {
	IP   IP
	Port int
	Zone string
}

func (a *TCPAddr) Network() string { return "tcp" }

func (a *TCPAddr) String() string {
	if a == nil {
		return "<nil>"
	}
	host := ""
	if len(a.IP) != 0 {
		host = a.IP.String()
	}
	return JoinHostPort(host, strconv.Itoa(a.Port))
}

func tcpAddr(s string) *TCPAddr {
	host, port, _ := SplitHostPort(s)
	n, _ := strconv.Atoi(port)
	return &TCPAddr{IP: ParseIP(host), Port: n}
}

// A UDPAddr is the address of a UDP end point; without a network there is only the nil one.
type UDPAddr struct {
	Port int
	Zone string
}

func (a *UDPAddr) Network() string { return "udp" }

func (a *UDPAddr) String() string {
	if a == nil {
		return "<nil>"
	}
	return ":" + strconv.Itoa(a.Port)
}

// A UDPConn would be a connection.
type UDPConn struct{ _ int }

// DialUDP fails.
func DialUDP(network string, laddr, raddr *UDPAddr) (*UDPConn, error) {
	failed := &OpError{Op: "dial", Net: network, Err: errUnreachable}
	if laddr != nil {
		failed.Source = laddr
	}
	if raddr != nil {
		failed.Addr = raddr
	}
	switch network {
	case "udp", "udp4", "udp6":
		if raddr == nil {
			failed.Err = errMissingAddress
		}
	default:
		failed.Err = UnknownNetworkError(network)
	}
	return nil, failed
}

// JoinHostPort puts host and port together.
func JoinHostPort(host, port string) string {
	if strings.IndexByte(host, ':') >= 0 {
		return "[" + host + "]:" + port
	}
	return host + ":" + port
}

// SplitHostPort takes them apart.
func SplitHostPort(hostport string) (host, port string, err error) {
	wrong := func(text string) (string, string, error) {
		return "", "", &AddrError{Err: text, Addr: hostport}
	}
	i := strings.LastIndexByte(hostport, ':')
	if i < 0 {
		return wrong("missing port in address")
	}
	host, port = hostport[:i], hostport[i+1:]
	if strings.HasPrefix(host, "[") {
		if !strings.HasSuffix(host, "]") {
			return wrong("missing port in address")
		}
		return host[1 : len(host)-1], port, nil
	}
	if strings.IndexByte(host, ':') >= 0 {
		return wrong("too many colons in address")
	}
	if strings.ContainsAny(hostport, "[]") {
		return wrong("unexpected bracket in address")
	}
	return host, port, nil
}

// resolve turns an address into the number of a host and a port; every host is this machine.
func resolve(network, address string, listens bool) (host string, port int, err error) {
	switch network {
	case "tcp", "tcp4", "tcp6":
	default:
		return "", 0, UnknownNetworkError(network)
	}
	if address == "" && !listens {
		return "", 0, errMissingAddress
	}
	host, name, err := SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	switch name {
	case "":
	case "http":
		port = 80
	case "https":
		port = 443
	default:
		port, err = strconv.Atoi(name)
		if err != nil {
			return "", 0, &DNSError{Err: "unknown port", Name: network + "/" + name, IsNotFound: true}
		}
		if port < 0 || port > 65535 {
			return "", 0, &AddrError{Err: "invalid port", Addr: name}
		}
	}
	switch host {
	case "", "localhost", "0.0.0.0", "127.0.0.1":
		if host == "" && listens {
			return "[::]", port, nil
		}
		if host == "0.0.0.0" && listens {
			return host, port, nil
		}
		return "127.0.0.1", port, nil
	case "::", "::1":
		return "[" + host + "]", port, nil
	}
	if ip := ParseIP(host); ip != nil {
		if ip.IsLoopback() {
			return host, port, nil
		}
		return "", 0, errUnreachable
	}
	return "", 0, &DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// ---- connections ----

// A socket is an end of a connection in the network of the run.
//
//gosim:is gosim.runtime.netpoll.Socket
type socket struct{ _ int }

func (s *socket) readInto(b []byte) (int, string)
func (s *socket) writeFrom(b []byte) (int, string)

//gosim:blocks
func (s *socket) closeNow() bool

//gosim:blocks
func (s *socket) closeWrite() bool

//gosim:blocks
func (s *socket) deadline(when int64, read, write bool) bool
func (s *socket) locally() string
func (s *socket) remotely() string

// A listening waits for connections.
//
//gosim:is gosim.runtime.netpoll.Listening
type listening struct{ _ int }

func (l *listening) acceptOne() (*socket, string)

//gosim:blocks
func (l *listening) closeNow() bool
func (l *listening) deadline(when int64)
func (l *listening) locally() string

func listenAt(host string, port int) (*listening, string)
func connect(host string, port int) (*socket, string)

type netFD struct {
	l     *listening
	s     *socket
	laddr *TCPAddr
	raddr *TCPAddr
}

func newFD(s *socket) *netFD {
	return &netFD{nil, s, tcpAddr(s.locally()), tcpAddr(s.remotely())}
}

func (fd *netFD) Read(p []byte) (n int, err error) {
	n, text := fd.s.readInto(p)
	if text == "EOF" {
		return 0, io.EOF
	}
	if text != "" {
		err = why("read", text)
	}
	return n, err
}

func (fd *netFD) Write(p []byte) (n int, err error) {
	n, text := fd.s.writeFrom(p)
	if text != "" {
		err = why("write", text)
	}
	return n, err
}

func (fd *netFD) accept() (*netFD, error) {
	s, text := fd.l.acceptOne()
	if text != "" {
		return nil, why("accept", text)
	}
	return newFD(s), nil
}

type conn struct {
	fd *netFD
}

func (c *conn) Read(b []byte) (int, error) {
	n, err := c.fd.Read(b)
	if err != nil && err != io.EOF {
		err = c.failed("read", err)
	}
	return n, err
}

func (c *conn) Write(b []byte) (int, error) {
	n, err := c.fd.Write(b)
	if err != nil {
		err = c.failed("write", err)
	}
	return n, err
}

func (c *conn) failed(op string, err error) error {
	return &OpError{Op: op, Net: "tcp", Source: c.fd.laddr, Addr: c.fd.raddr, Err: err}
}

func (c *conn) Close() error {
	if !c.fd.s.closeNow() {
		return c.failed("close", ErrClosed)
	}
	return nil
}

func (c *conn) LocalAddr() Addr  { return c.fd.laddr }
func (c *conn) RemoteAddr() Addr { return c.fd.raddr }

func (c *conn) set(t time.Time, read, write bool) error {
	when := int64(0)
	if !t.IsZero() {
		when = max(t.UnixNano(), 1)
	}
	if !c.fd.s.deadline(when, read, write) {
		return &OpError{Op: "set", Net: "tcp", Addr: c.fd.laddr, Err: ErrClosed}
	}
	return nil
}

func (c *conn) SetDeadline(t time.Time) error      { return c.set(t, true, true) }
func (c *conn) SetReadDeadline(t time.Time) error  { return c.set(t, true, false) }
func (c *conn) SetWriteDeadline(t time.Time) error { return c.set(t, false, true) }
func (c *conn) SetReadBuffer(bytes int) error      { return nil }
func (c *conn) SetWriteBuffer(bytes int) error     { return nil }

// A TCPConn is a connection.
type TCPConn struct {
	conn
}

func (c *TCPConn) CloseWrite() error {
	if !c.fd.s.closeWrite() {
		return c.failed("close", ErrClosed)
	}
	return nil
}

func (c *TCPConn) CloseRead() error                           { return nil }
func (c *TCPConn) SetKeepAlive(keepalive bool) error          { return nil }
func (c *TCPConn) SetKeepAlivePeriod(d time.Duration) error   { return nil }
func (c *TCPConn) SetLinger(sec int) error                    { return nil }
func (c *TCPConn) SetNoDelay(noDelay bool) error              { return nil }
func (c *TCPConn) ReadFrom(r io.Reader) (n int64, err error)  { return io.Copy(onlyWriter{c}, r) }

//gosim:since 1.22
func (c *TCPConn) WriteTo(w io.Writer) (n int64, err error)   { return io.Copy(w, onlyReader{c}) }

type onlyWriter struct{ io.Writer }
type onlyReader struct{ io.Reader }

// A TCPListener listens.
type TCPListener struct {
	fd   *netFD
	addr *TCPAddr
}

func (l *TCPListener) Accept() (Conn, error) {
	c, err := l.accept()
	if err != nil {
		return nil, &OpError{Op: "accept", Net: "tcp", Addr: l.addr, Err: err}
	}
	return c, nil
}

func (l *TCPListener) AcceptTCP() (*TCPConn, error) {
	c, err := l.accept()
	if err != nil {
		return nil, &OpError{Op: "accept", Net: "tcp", Addr: l.addr, Err: err}
	}
	return c, nil
}

func (l *TCPListener) accept() (*TCPConn, error) {
	fd, err := l.fd.accept()
	if err != nil {
		return nil, err
	}
	return &TCPConn{conn{fd}}, nil
}

func (l *TCPListener) Close() error {
	if !l.fd.l.closeNow() {
		return &OpError{Op: "close", Net: "tcp", Addr: l.addr, Err: ErrClosed}
	}
	return nil
}

func (l *TCPListener) Addr() Addr { return l.addr }

func (l *TCPListener) SetDeadline(t time.Time) error {
	when := int64(0)
	if !t.IsZero() {
		when = max(t.UnixNano(), 1)
	}
	l.fd.l.deadline(when)
	return nil
}

// Listen waits for connections at an address; a port that is 0 or missing is chosen.
func Listen(network, address string) (Listener, error) {
	host, port, err := resolve(network, address, true)
	if err != nil {
		return nil, &OpError{Op: "listen", Net: network, Err: err}
	}
	l, text := listenAt(host, port)
	if text != "" {
		return nil, &OpError{Op: "listen", Net: network, Addr: &address_{host, port}, Err: why("bind", text)}
	}
	addr := tcpAddr(l.locally())
	if host == "[::]" || host == "0.0.0.0" {
		addr.IP = nil
	}
	return &TCPListener{&netFD{l: l, laddr: addr}, addr}, nil
}

// An address_ is one that is only told.
type address_ struct {
	host string
	port int
}

func (a *address_) Network() string { return "tcp" }
func (a *address_) String() string  { return a.host + ":" + strconv.Itoa(a.port) }

// A ListenConfig has options that change nothing here.
type ListenConfig struct {
	KeepAlive time.Duration
}

func (lc *ListenConfig) Listen(ctx context.Context, network, address string) (Listener, error) {
	return Listen(network, address)
}

// A Dialer makes connections.
type Dialer struct {
	Timeout       time.Duration
	Deadline      time.Time
	LocalAddr     Addr
	DualStack     bool
	FallbackDelay time.Duration
	KeepAlive     time.Duration
	Cancel        <-chan struct{}
}

func (d *Dialer) Dial(network, address string) (Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialContext connects at once or not at all: there is nothing on the way.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (Conn, error) {
	host, port, err := resolve(network, address, false)
	if err != nil {
		return nil, &OpError{Op: "dial", Net: network, Err: err}
	}
	if err := ctx.Err(); err != nil {
		if err == context.Canceled {
			err = errors.New("operation was canceled")
		} else {
			err = os.ErrDeadlineExceeded
		}
		return nil, &OpError{Op: "dial", Net: network, Addr: &address_{host, port}, Err: err}
	}
	s, text := connect(host, port)
	if text != "" {
		return nil, &OpError{Op: "dial", Net: network, Addr: &address_{host, port}, Err: why("connect", text)}
	}
	return &TCPConn{conn{newFD(s)}}, nil
}

func Dial(network, address string) (Conn, error) {
	var d Dialer
	return d.Dial(network, address)
}

func DialTimeout(network, address string, timeout time.Duration) (Conn, error) {
	d := Dialer{Timeout: timeout}
	return d.Dial(network, address)
}

// ---- a pipe ----

// A pipeDeadline is a channel that is closed when the time is over.
type pipeDeadline struct {
	mu     sync.Mutex
	timer  *time.Timer
	cancel chan struct{}
}

func (d *pipeDeadline) set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil && !d.timer.Stop() {
		<-d.cancel // the timer is closing it
	}
	d.timer = nil
	closed := isClosed(d.cancel)
	if t.IsZero() {
		if closed {
			d.cancel = make(chan struct{})
		}
		return
	}
	if left := time.Until(t); left > 0 {
		if closed {
			d.cancel = make(chan struct{})
		}
		d.timer = time.AfterFunc(left, func() { close(d.cancel) })
		return
	}
	if !closed {
		close(d.cancel)
	}
}

func (d *pipeDeadline) wait() chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cancel
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }

type pipe struct {
	wrMu sync.Mutex

	rdRx <-chan []byte
	rdTx chan<- int
	wrTx chan<- []byte
	wrRx <-chan int

	once       sync.Once
	localDone  chan struct{}
	remoteDone <-chan struct{}

	readDeadline  pipeDeadline
	writeDeadline pipeDeadline
}

// Pipe returns the two ends of a connection without a buffer.
func Pipe() (Conn, Conn) {
	cb1, cb2 := make(chan []byte), make(chan []byte)
	cn1, cn2 := make(chan int), make(chan int)
	done1, done2 := make(chan struct{}), make(chan struct{})
	p1 := &pipe{
		rdRx: cb1, rdTx: cn1, wrTx: cb2, wrRx: cn2, localDone: done1, remoteDone: done2,
		readDeadline:  pipeDeadline{cancel: make(chan struct{})},
		writeDeadline: pipeDeadline{cancel: make(chan struct{})},
	}
	p2 := &pipe{
		rdRx: cb2, rdTx: cn2, wrTx: cb1, wrRx: cn1, localDone: done2, remoteDone: done1,
		readDeadline:  pipeDeadline{cancel: make(chan struct{})},
		writeDeadline: pipeDeadline{cancel: make(chan struct{})},
	}
	return p1, p2
}

func (*pipe) LocalAddr() Addr  { return pipeAddr{} }
func (*pipe) RemoteAddr() Addr { return pipeAddr{} }

func (p *pipe) Read(b []byte) (int, error) {
	n, err := p.read(b)
	if err != nil && err != io.EOF && err != io.ErrClosedPipe {
		err = &OpError{Op: "read", Net: "pipe", Err: err}
	}
	return n, err
}

func (p *pipe) read(b []byte) (n int, err error) {
	switch {
	case isClosed(p.localDone):
		return 0, io.ErrClosedPipe
	case isClosed(p.remoteDone):
		return 0, io.EOF
	case isClosed(p.readDeadline.wait()):
		return 0, os.ErrDeadlineExceeded
	}
	select {
	case data := <-p.rdRx:
		n = copy(b, data)
		p.rdTx <- n
		return n, nil
	case <-p.localDone:
		return 0, io.ErrClosedPipe
	case <-p.remoteDone:
		return 0, io.EOF
	case <-p.readDeadline.wait():
		return 0, os.ErrDeadlineExceeded
	}
}

func (p *pipe) Write(b []byte) (int, error) {
	n, err := p.write(b)
	if err != nil && err != io.ErrClosedPipe {
		err = &OpError{Op: "write", Net: "pipe", Err: err}
	}
	return n, err
}

func (p *pipe) write(b []byte) (n int, err error) {
	switch {
	case isClosed(p.localDone):
		return 0, io.ErrClosedPipe
	case isClosed(p.remoteDone):
		return 0, io.ErrClosedPipe
	case isClosed(p.writeDeadline.wait()):
		return 0, os.ErrDeadlineExceeded
	}
	p.wrMu.Lock()
	defer p.wrMu.Unlock()
	for once := true; once || len(b) > 0; once = false {
		select {
		case p.wrTx <- b:
			taken := <-p.wrRx
			b = b[taken:]
			n += taken
		case <-p.localDone:
			return n, io.ErrClosedPipe
		case <-p.remoteDone:
			return n, io.ErrClosedPipe
		case <-p.writeDeadline.wait():
			return n, os.ErrDeadlineExceeded
		}
	}
	return n, nil
}

func (p *pipe) SetDeadline(t time.Time) error {
	if isClosed(p.localDone) || isClosed(p.remoteDone) {
		return io.ErrClosedPipe
	}
	p.readDeadline.set(t)
	p.writeDeadline.set(t)
	return nil
}

func (p *pipe) SetReadDeadline(t time.Time) error {
	if isClosed(p.localDone) || isClosed(p.remoteDone) {
		return io.ErrClosedPipe
	}
	p.readDeadline.set(t)
	return nil
}

func (p *pipe) SetWriteDeadline(t time.Time) error {
	if isClosed(p.localDone) || isClosed(p.remoteDone) {
		return io.ErrClosedPipe
	}
	p.writeDeadline.set(t)
	return nil
}

func (p *pipe) Close() error {
	p.once.Do(func() { close(p.localDone) })
	return nil
}
