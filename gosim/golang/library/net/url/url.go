// Package url is gosim's model of Go's package net/url: what clients and handlers need of it.
package url

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

// An Error says which operation on which URL failed.
type Error struct {
	Op  string
	URL string
	Err error
}

func (e *Error) Unwrap() error { return e.Err }
func (e *Error) Error() string {
	return e.Op + " " + strconv.Quote(e.URL) + ": " + e.Err.Error()
}

func (e *Error) Timeout() bool {
	t, ok := e.Err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}

func (e *Error) Temporary() bool {
	t, ok := e.Err.(interface{ Temporary() bool })
	return ok && t.Temporary()
}

// An EscapeError is a text that is no escape.
type EscapeError string

func (e EscapeError) Error() string { return "invalid URL escape " + strconv.Quote(string(e)) }

const hexDigits = "0123456789ABCDEF"

func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '_' || c == '.' || c == '~'
}

func escape(s, also string, plus bool) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case plain(c) || strings.IndexByte(also, c) >= 0:
			b.WriteByte(c)
		case c == ' ' && plus:
			b.WriteByte('+')
		default:
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
	return b.String()
}

func hexValue(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func unescape(s string, plus bool) (string, error) {
	if strings.IndexByte(s, '%') < 0 && !(plus && strings.IndexByte(s, '+') >= 0) {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%':
			if i+2 >= len(s) || hexValue(s[i+1]) < 0 || hexValue(s[i+2]) < 0 {
				return "", EscapeError(s[i:min(i+3, len(s))])
			}
			b.WriteByte(byte(hexValue(s[i+1])<<4 | hexValue(s[i+2])))
			i += 2
		case c == '+' && plus:
			b.WriteByte(' ')
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

func QueryEscape(s string) string              { return escape(s, "", true) }
func QueryUnescape(s string) (string, error)   { return unescape(s, true) }
func PathEscape(s string) string               { return escape(s, "$&+=:@", false) }
func PathUnescape(s string) (string, error)    { return unescape(s, false) }

// Userinfo is name and password.
type Userinfo struct {
	username string
	password string
	has      bool
}

func User(username string) *Userinfo { return &Userinfo{username, "", false} }
func UserPassword(username, password string) *Userinfo {
	return &Userinfo{username, password, true}
}

func (u *Userinfo) Username() string {
	if u == nil {
		return ""
	}
	return u.username
}

func (u *Userinfo) Password() (string, bool) {
	if u == nil {
		return "", false
	}
	return u.password, u.has
}

func (u *Userinfo) String() string {
	if u == nil {
		return ""
	}
	s := escape(u.username, "$&+,;=", false)
	if u.has {
		s += ":" + escape(u.password, "$&+,;=", false)
	}
	return s
}

// A URL is taken apart.
type URL struct {
	Scheme      string
	Opaque      string
	User        *Userinfo
	Host        string
	Path        string
	Fragment    string
	RawQuery    string
	RawPath     string
	RawFragment string
	ForceQuery  bool
	OmitHost    bool
}

// Parse reads a URL, absolute or not.
func Parse(rawURL string) (*URL, error) {
	rest, fragment, _ := strings.Cut(rawURL, "#")
	u, err := parse(rest, false)
	if err != nil {
		return nil, &Error{"parse", rest, err}
	}
	if u.Fragment, err = unescape(fragment, false); err != nil {
		return nil, &Error{"parse", rawURL, err}
	}
	return u, nil
}

// ParseRequestURI reads what stands in the first line of a request.
func ParseRequestURI(rawURL string) (*URL, error) {
	u, err := parse(rawURL, true)
	if err != nil {
		return nil, &Error{"parse", rawURL, err}
	}
	return u, nil
}

func parse(rest string, request bool) (*URL, error) {
	for i := 0; i < len(rest); i++ {
		if rest[i] < ' ' || rest[i] == 0x7f {
			return nil, errors.New("net/url: invalid control character in URL")
		}
	}
	if rest == "" && request {
		return nil, errors.New("empty url")
	}
	u := new(URL)
	if rest == "*" {
		u.Path = "*"
		return u, nil
	}
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		if c == ':' {
			if i == 0 {
				return nil, errors.New("missing protocol scheme")
			}
			u.Scheme, rest = strings.ToLower(rest[:i]), rest[i+1:]
			break
		}
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || strings.IndexByte("0123456789+-.", c) < 0) {
			break
		}
	}
	if strings.HasSuffix(rest, "?") && strings.Count(rest, "?") == 1 {
		u.ForceQuery = true
		rest = rest[:len(rest)-1]
	} else {
		rest, u.RawQuery, _ = strings.Cut(rest, "?")
	}
	if !strings.HasPrefix(rest, "/") {
		if u.Scheme != "" {
			u.Opaque = rest
			return u, nil
		}
		if request {
			return nil, errors.New("invalid URI for request")
		}
		if segment, _, _ := strings.Cut(rest, "/"); strings.Contains(segment, ":") {
			return nil, errors.New("first path segment in URL cannot contain colon")
		}
	}
	if strings.HasPrefix(rest, "//") && (u.Scheme != "" || !request && !strings.HasPrefix(rest, "///")) {
		authority := rest[2:]
		rest = ""
		if i := strings.IndexByte(authority, '/'); i >= 0 {
			authority, rest = authority[:i], authority[i:]
		}
		if i := strings.LastIndexByte(authority, '@'); i >= 0 {
			name, password, has := strings.Cut(authority[:i], ":")
			authority = authority[i+1:]
			name, err := unescape(name, false)
			if err != nil {
				return nil, err
			}
			password, err = unescape(password, false)
			if err != nil {
				return nil, err
			}
			u.User = &Userinfo{name, password, has}
		}
		u.Host = authority
		if i := strings.LastIndexByte(authority, ':'); i >= 0 && !strings.HasSuffix(authority, "]") {
			for _, c := range authority[i+1:] {
				if c < '0' || c > '9' {
					return nil, errors.New("invalid port " + strconv.Quote(authority[i:]) + " after host")
				}
			}
		}
		if strings.ContainsAny(authority, " \"<>") {
			return nil, errors.New("invalid character " + strconv.Quote(authority[strings.IndexAny(authority, " \"<>"):][:1]) + " in host name")
		}
	}
	path, err := unescape(rest, false)
	if err != nil {
		return nil, err
	}
	u.Path = path
	if u.encoded() != rest {
		u.RawPath = rest
	}
	return u, nil
}

func (u *URL) encoded() string { return escape(u.Path, "$&+,/:;=@", false) }

// EscapedPath returns the path as it is written.
func (u *URL) EscapedPath() string {
	if u.RawPath != "" {
		if path, err := unescape(u.RawPath, false); err == nil && path == u.Path {
			return u.RawPath
		}
	}
	if u.Path == "*" {
		return "*"
	}
	return u.encoded()
}

func (u *URL) String() string {
	var b strings.Builder
	if u.Scheme != "" {
		b.WriteString(u.Scheme)
		b.WriteByte(':')
	}
	if u.Opaque != "" {
		b.WriteString(u.Opaque)
	} else {
		if u.Scheme != "" || u.Host != "" || u.User != nil {
			if u.Host != "" || u.Path != "" || u.User != nil {
				b.WriteString("//")
			}
			if u.User != nil {
				b.WriteString(u.User.String())
				b.WriteByte('@')
			}
			b.WriteString(u.Host)
		}
		path := u.EscapedPath()
		if path != "" && path[0] != '/' && u.Host != "" {
			b.WriteByte('/')
		}
		b.WriteString(path)
	}
	if u.ForceQuery || u.RawQuery != "" {
		b.WriteByte('?')
		b.WriteString(u.RawQuery)
	}
	if u.Fragment != "" {
		b.WriteByte('#')
		b.WriteString(escape(u.Fragment, "!$&'()*+,/:;=?@", false))
	}
	return b.String()
}

// RequestURI is what stands in the first line of a request.
func (u *URL) RequestURI() string {
	s := u.Opaque
	if s == "" {
		s = u.EscapedPath()
		if s == "" {
			s = "/"
		}
	}
	if u.ForceQuery || u.RawQuery != "" {
		s += "?" + u.RawQuery
	}
	return s
}

func (u *URL) IsAbs() bool { return u.Scheme != "" }

func (u *URL) Hostname() string {
	host, _ := u.split()
	return host
}

func (u *URL) Port() string {
	_, port := u.split()
	return port
}

func (u *URL) split() (host, port string) {
	host = u.Host
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host, port = host[:i], host[i+1:]
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"), port
}

func (u *URL) Redacted() string {
	if u == nil {
		return ""
	}
	v := *u
	if _, has := v.User.Password(); has {
		v.User = UserPassword(v.User.Username(), "xxxxx")
	}
	return v.String()
}

// Parse reads a URL as seen from this one.
func (u *URL) Parse(ref string) (*URL, error) {
	v, err := Parse(ref)
	if err != nil {
		return nil, err
	}
	return u.ResolveReference(v), nil
}

// ResolveReference tells what a reference means at this place.
func (u *URL) ResolveReference(ref *URL) *URL {
	v := *ref
	if ref.Scheme == "" {
		v.Scheme = u.Scheme
	}
	if ref.Scheme != "" || ref.Host != "" || ref.User != nil {
		v.Path = resolve(ref.Path, "")
		return &v
	}
	if ref.Path == "" && !ref.ForceQuery && ref.RawQuery == "" {
		v.RawQuery = u.RawQuery
		if ref.Fragment == "" {
			v.Fragment = u.Fragment
		}
	}
	v.Host, v.User = u.Host, u.User
	v.RawPath = ""
	if ref.Path == "" {
		v.Path = u.Path
	} else {
		v.Path = resolve(u.Path, ref.Path)
	}
	return &v
}

func resolve(base, ref string) string {
	full := base
	if ref != "" {
		full = ref
		if ref[0] != '/' {
			full = base[:strings.LastIndexByte(base, '/')+1] + ref
		}
	}
	if full == "" {
		return ""
	}
	var kept []string
	parts := strings.Split(strings.TrimPrefix(full, "/"), "/")
	for i, part := range parts {
		last := i == len(parts)-1
		switch part {
		case ".":
			if last {
				kept = append(kept, "")
			}
		case "..":
			if len(kept) > 0 {
				kept = kept[:len(kept)-1]
			}
			if last {
				kept = append(kept, "")
			}
		default:
			kept = append(kept, part)
		}
	}
	return "/" + strings.Join(kept, "/")
}

// JoinPath returns the URL with elements behind its path.
func (u *URL) JoinPath(elem ...string) *URL {
	v := *u
	all := u.Path
	for _, e := range elem {
		all = strings.TrimSuffix(all, "/") + "/" + strings.TrimPrefix(e, "/")
	}
	v.Path, v.RawPath = resolve("/"+strings.TrimPrefix(all, "/"), ""), ""
	return &v
}

// JoinPath does the same for a text.
func JoinPath(base string, elem ...string) (string, error) {
	u, err := Parse(base)
	if err != nil {
		return "", err
	}
	return u.JoinPath(elem...).String(), nil
}

// Query returns the values, and leaves out what is none.
func (u *URL) Query() Values {
	v, _ := ParseQuery(u.RawQuery)
	return v
}

// Values are the parameters of a query or form.
type Values map[string][]string

func (v Values) Get(key string) string {
	if vs := v[key]; len(vs) > 0 {
		return vs[0]
	}
	return ""
}

func (v Values) Set(key, value string) { v[key] = []string{value} }
func (v Values) Add(key, value string) { v[key] = append(v[key], value) }
func (v Values) Del(key string)        { delete(v, key) }
func (v Values) Has(key string) bool {
	_, ok := v[key]
	return ok
}

// Encode writes them, sorted by key.
func (v Values) Encode() string {
	keys := make([]string, 0, len(v))
	for k := range v {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var b strings.Builder
	for _, k := range keys {
		for _, value := range v[k] {
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			b.WriteString(QueryEscape(k))
			b.WriteByte('=')
			b.WriteString(QueryEscape(value))
		}
	}
	return b.String()
}

// ParseQuery reads parameters; the error is the first one, the values are all that could be read.
func ParseQuery(query string) (Values, error) {
	m := Values{}
	var err error
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		if strings.Contains(pair, ";") {
			err = errors.New("invalid semicolon separator in query")
			continue
		}
		if pair == "" {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		key, failed := QueryUnescape(key)
		if failed == nil {
			value, failed = QueryUnescape(value)
		}
		if failed != nil {
			if err == nil {
				err = failed
			}
			continue
		}
		m[key] = append(m[key], value)
	}
	return m, err
}
