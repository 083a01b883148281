// Package http is gosim's model of Go's package net/http, HTTP/1.1 over the network of package net:
// the goroutines of servers and clients, what they wait for, and the connections they keep.
package http

import (
	"io"
	"slices"
	"strings"
)

// A Header has the lines of a head, by their canonical keys.
type Header map[string][]string

func (h Header) Add(key, value string) {
	key = CanonicalHeaderKey(key)
	h[key] = append(h[key], value)
}

func (h Header) Set(key, value string) { h[CanonicalHeaderKey(key)] = []string{value} }

func (h Header) Get(key string) string {
	if v := h[CanonicalHeaderKey(key)]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func (h Header) Values(key string) []string { return h[CanonicalHeaderKey(key)] }
func (h Header) Del(key string)             { delete(h, CanonicalHeaderKey(key)) }

func (h Header) Clone() Header {
	if h == nil {
		return nil
	}
	c := make(Header, len(h))
	for k, v := range h {
		c[k] = slices.Clone(v)
	}
	return c
}

// Write writes the lines, sorted by key.
func (h Header) Write(w io.Writer) error {
	_, err := io.WriteString(w, h.text(nil))
	return err
}

func (h Header) text(without map[string]bool) string {
	keys := make([]string, 0, len(h))
	for k := range h {
		if !without[k] {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	var b strings.Builder
	for _, k := range keys {
		for _, v := range h[k] {
			v = strings.TrimSpace(strings.NewReplacer("\n", " ", "\r", " ").Replace(v))
			b.WriteString(k + ": " + v + "\r\n")
		}
	}
	return b.String()
}

// CanonicalHeaderKey spells a key as Content-Type is spelled.
func CanonicalHeaderKey(s string) string {
	b := []byte(s)
	upper := true
	for i, c := range b {
		switch {
		case c == ' ' || c == ':' || c >= 0x7f || c < ' ':
			return s
		case upper && 'a' <= c && c <= 'z':
			b[i] = c - 32
		case !upper && 'A' <= c && c <= 'Z':
			b[i] = c + 32
		}
		upper = c == '-'
	}
	return string(b)
}

// hasToken tells whether a comma separated list has a word.
func hasToken(values []string, token string) bool {
	for _, v := range values {
		for _, each := range strings.Split(v, ",") {
			if strings.EqualFold(strings.TrimSpace(each), token) {
				return true
			}
		}
	}
	return false
}

// DetectContentType tells text, HTML, JSON-less, from the rest; no other kinds are known.
func DetectContentType(data []byte) string {
	s := strings.ToLower(strings.TrimLeft(string(data[:min(len(data), 512)]), "\t\n\x0c\r "))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<script", "<body", "<h1", "<div", "<p", "<table", "<title"} {
		if strings.HasPrefix(s, tag) && len(s) > len(tag) && (s[len(tag)] == ' ' || s[len(tag)] == '>') {
			return "text/html; charset=utf-8"
		}
	}
	if strings.HasPrefix(s, "<?xml") {
		return "text/xml; charset=utf-8"
	}
	if strings.HasPrefix(s, "%pdf-") {
		return "application/pdf"
	}
	if strings.HasPrefix(s, "\x89png\r\n\x1a\n") {
		return "image/png"
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= 8 || c == 0x0b || 0x0e <= c && c <= 0x1a || 0x1c <= c && c <= 0x1f {
			return "application/octet-stream"
		}
	}
	return "text/plain; charset=utf-8"
}

const (
	MethodGet     = "GET"
	MethodHead    = "HEAD"
	MethodPost    = "POST"
	MethodPut     = "PUT"
	MethodPatch   = "PATCH"
	MethodDelete  = "DELETE"
	MethodConnect = "CONNECT"
	MethodOptions = "OPTIONS"
	MethodTrace   = "TRACE"
)

// TimeFormat is that of times in heads.
const TimeFormat = "Mon, 02 Jan 2006 15:04:05 GMT"

const (
	DefaultMaxHeaderBytes      = 1 << 20
	DefaultMaxIdleConnsPerHost = 2
)

// A ProtocolError is what the other side must not say.
type ProtocolError struct {
	ErrorString string
}

func (pe *ProtocolError) Error() string { return pe.ErrorString }

var (
	ErrNotSupported    = &ProtocolError{"feature not supported"}
	ErrMissingBoundary = &ProtocolError{"no multipart boundary param in Content-Type"}
)

type badRequest string

func (e badRequest) Error() string { return "Bad Request: " + string(e) }
