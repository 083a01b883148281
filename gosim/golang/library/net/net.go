// Package net is gosim's model of Go's package net on a machine without a network: there are
// errors, and no connections.
package net

import "errors"

// An Addr is an address.
type Addr interface {
	Network() string
	String() string
}

// An Error is an error of the network.
type Error interface {
	error
	Timeout() bool
	Temporary() bool
}

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

var (
	errMissingAddress = errors.New("missing address")
	errUnreachable    = errors.New("connect: network is unreachable")
)

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
	port := ""
	for n := a.Port; ; n /= 10 {
		port = string(rune('0'+n%10)) + port
		if n < 10 {
			return ":" + port
		}
	}
}

// A UDPConn would be a connection.
type UDPConn struct{ _ int }

// UnknownNetworkError is the error of a network that Go does not know.
type UnknownNetworkError string

func (e UnknownNetworkError) Error() string   { return "unknown network " + string(e) }
func (e UnknownNetworkError) Timeout() bool   { return false }
func (e UnknownNetworkError) Temporary() bool { return false }

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
