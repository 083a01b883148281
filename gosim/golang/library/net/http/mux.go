package http

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A ServeMux finds the handler of a request by its method, host and path.
type ServeMux struct {
	mu      sync.RWMutex
	entries []*pattern
}

// DefaultServeMux is that of Handle and HandleFunc.
var DefaultServeMux = &defaultServeMux

var defaultServeMux ServeMux

func NewServeMux() *ServeMux { return &ServeMux{} }

func Handle(pattern string, handler Handler) { DefaultServeMux.Handle(pattern, handler) }

func HandleFunc(pattern string, handler func(ResponseWriter, *Request)) {
	DefaultServeMux.HandleFunc(pattern, handler)
}

// A pattern is [METHOD ][HOST]/PATH; its path ends in a slash for all below it.
type pattern struct {
	text     string
	method   string
	host     string
	segments []string // "{name}" a wildcard, "{name...}" the rest, "{$}" the end
	handler  Handler
}

func parsePattern(s string) (*pattern, error) {
	p := &pattern{text: s}
	rest := s
	if method, after, ok := strings.Cut(s, " "); ok {
		p.method, rest = method, strings.TrimLeft(after, " \t")
	}
	i := strings.IndexByte(rest, '/')
	if i < 0 {
		return nil, fmt.Errorf("at offset %d: host/path missing /", len(s)-len(rest))
	}
	p.host = rest[:i]
	p.segments = strings.Split(rest[i+1:], "/")
	if last := len(p.segments) - 1; p.segments[last] == "" {
		p.segments[last] = "{...}"
	}
	return p, nil
}

func (p *pattern) match(method, host, path string) (values map[string]string, rank []int, ok bool) {
	switch {
	case p.host != "" && p.host != host:
		return nil, nil, false
	case p.method == "" || p.method == method:
	case p.method == "GET" && method == "HEAD":
	default:
		return nil, nil, false
	}
	rank = append(rank, 0, 0)
	if p.host != "" {
		rank[0] = 1
	}
	if p.method != "" {
		rank[1] = 1
	}
	values = map[string]string{}
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, segment := range p.segments {
		switch {
		case segment == "{$}":
			if i == len(parts)-1 && parts[i] == "" {
				return values, append(rank, 3), true
			}
			return nil, nil, false
		case strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "...}"):
			if i >= len(parts) {
				return nil, nil, false
			}
			if name := segment[1 : len(segment)-4]; name != "" {
				values[name] = strings.Join(parts[i:], "/")
			}
			return values, append(rank, 0), true
		case i >= len(parts):
			return nil, nil, false
		case strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}"):
			if parts[i] == "" {
				return nil, nil, false
			}
			values[segment[1:len(segment)-1]] = parts[i]
			rank = append(rank, 1)
		case segment == parts[i]:
			rank = append(rank, 2)
		default:
			return nil, nil, false
		}
	}
	return values, rank, len(parts) == len(p.segments)
}

func (mux *ServeMux) Handle(pattern string, handler Handler) {
	if pattern == "" {
		panic("http: invalid pattern")
	}
	if handler == nil {
		panic("http: nil handler")
	}
	p, err := parsePattern(pattern)
	if err != nil {
		panic(fmt.Sprintf("parsing %q: %v", pattern, err))
	}
	p.handler = handler
	for _, each := range mux.entries {
		if each.method == p.method && each.host == p.host && slices.Equal(each.segments, p.segments) {
			panic(fmt.Sprintf("pattern %q conflicts with pattern %q", pattern, each.text))
		}
	}
	mux.entries = append(mux.entries, p)
}

func (mux *ServeMux) HandleFunc(pattern string, handler func(ResponseWriter, *Request)) {
	if handler == nil {
		panic("http: nil handler")
	}
	mux.Handle(pattern, HandlerFunc(handler))
}

func (mux *ServeMux) find(method, host, path string) (best *pattern, values map[string]string) {
	if i := strings.IndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	var most []int
	for _, p := range mux.entries {
		if v, rank, ok := p.match(method, host, path); ok && (best == nil || slices.Compare(rank, most) > 0) {
			best, values, most = p, v, rank
		}
	}
	return best, values
}

func cleanPath(p string) string {
	if p == "" {
		return "/"
	}
	if p[0] != '/' {
		p = "/" + p
	}
	var kept []string
	for _, part := range strings.Split(p[1:], "/") {
		switch part {
		case "", ".":
		case "..":
			kept = kept[:max(0, len(kept)-1)]
		default:
			kept = append(kept, part)
		}
	}
	clean := "/" + strings.Join(kept, "/")
	if p[len(p)-1] == '/' && clean != "/" {
		clean += "/"
	}
	return clean
}

// Handler returns the handler of a request and the pattern that led to it.
func (mux *ServeMux) Handler(r *Request) (h Handler, pattern string) {
	h, p, _ := mux.handler(r)
	if p == nil {
		return h, ""
	}
	return h, p.text
}

func (mux *ServeMux) handler(r *Request) (Handler, *pattern, map[string]string) {
	at := r.URL.Path
	if r.Method != "CONNECT" {
		if clean := cleanPath(at); clean != at {
			u := *r.URL
			u.Path = clean
			return RedirectHandler(u.String(), movedCode()), nil, nil
		}
	}
	p, values := mux.find(r.Method, r.Host, at)
	if p != nil {
		return p.handler, p, values
	}
	if !strings.HasSuffix(at, "/") {
		if p, _ := mux.find(r.Method, r.Host, at+"/"); p != nil && p.segments[len(p.segments)-1] == "{...}" && len(p.segments) == strings.Count(at, "/")+1 {
			u := *r.URL
			u.Path = at + "/"
			return RedirectHandler(u.String(), movedCode()), p, nil
		}
	}
	var allowed []string
	for _, p := range mux.entries {
		if p.method != "" {
			if _, _, ok := p.match(p.method, r.Host, at); ok {
				allowed = append(allowed, p.method)
				if p.method == "GET" {
					allowed = append(allowed, "HEAD")
				}
			}
		}
	}
	if len(allowed) > 0 {
		slices.Sort(allowed)
		allow := strings.Join(slices.Compact(allowed), ", ")
		return HandlerFunc(func(w ResponseWriter, r *Request) {
			w.Header().Set("Allow", allow)
			Error(w, StatusText(StatusMethodNotAllowed), StatusMethodNotAllowed)
		}), nil, nil
	}
	return NotFoundHandler(), nil, nil
}

//gosim:since 1.27
func movedCode() int { return StatusTemporaryRedirect }

//gosim:until 1.26
func movedCode() int { return StatusMovedPermanently }

func (mux *ServeMux) ServeHTTP(w ResponseWriter, r *Request) {
	if r.RequestURI == "*" {
		if r.ProtoAtLeast(1, 1) {
			w.Header().Set("Connection", "close")
		}
		w.WriteHeader(StatusBadRequest)
		return
	}
	h, p, values := mux.handler(r)
	if p != nil {
		r.Pattern = p.text
		r.values = values
	}
	h.ServeHTTP(w, r)
}
