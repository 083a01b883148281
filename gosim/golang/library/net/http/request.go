package http

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
)

const defaultUserAgent = "Go-http-client/1.1"

var (
	ErrBodyNotAllowed  = errors.New("http: request method or response status code does not allow body")
	ErrBodyReadAfterClose = errors.New("http: invalid Read on closed Body")
	ErrContentLength   = errors.New("http: wrote more than the declared Content-Length")
	ErrHandlerTimeout  = errors.New("http: Handler timeout")
	ErrMissingFile     = errors.New("http: no such file")
	ErrNoCookie        = errors.New("http: named cookie not present")
	ErrLineTooLong     = errors.New("header line too long")
	ErrNoLocation      = errors.New("http: no Location header in response")
	ErrUseLastResponse = errors.New("net/http: use last response")
	ErrSkipAltProtocol = errors.New("net/http: skip alternate protocol")
)

// NoBody is a body without bytes.
var NoBody = noBody{}

type noBody struct{}

func (noBody) Read([]byte) (int, error)         { return 0, io.EOF }
func (noBody) Close() error                     { return nil }
func (noBody) WriteTo(io.Writer) (int64, error) { return 0, nil }

// A Request came to a server, or is sent by a client.
type Request struct {
	Method           string
	URL              *url.URL
	Proto            string
	ProtoMajor       int
	ProtoMinor       int
	Header           Header
	Body             io.ReadCloser
	GetBody          func() (io.ReadCloser, error)
	ContentLength    int64
	TransferEncoding []string
	Close            bool
	Host             string
	Form             url.Values
	PostForm         url.Values
	Trailer          Header
	RemoteAddr       string
	RequestURI       string
	Cancel           <-chan struct{}
	Response         *Response
	Pattern          string

	ctx    context.Context
	values map[string]string
}

func (r *Request) Context() context.Context {
	if r.ctx != nil {
		return r.ctx
	}
	return context.Background()
}

// WithContext returns a shallow copy with another context.
func (r *Request) WithContext(ctx context.Context) *Request {
	if ctx == nil {
		panic("nil context")
	}
	r2 := new(Request)
	*r2 = *r
	r2.ctx = ctx
	return r2
}

// Clone returns a deep copy.
func (r *Request) Clone(ctx context.Context) *Request {
	r2 := r.WithContext(ctx)
	if r.URL != nil {
		u := *r.URL
		r2.URL = &u
	}
	r2.Header = r.Header.Clone()
	return r2
}

func (r *Request) UserAgent() string { return r.Header.Get("User-Agent") }
func (r *Request) Referer() string   { return r.Header.Get("Referer") }

func (r *Request) ProtoAtLeast(major, minor int) bool {
	return r.ProtoMajor > major || r.ProtoMajor == major && r.ProtoMinor >= minor
}

// PathValue is what a wildcard of the pattern stands for.
//
//gosim:since 1.22
func (r *Request) PathValue(name string) string { return r.values[name] }

//gosim:since 1.22
func (r *Request) SetPathValue(name, value string) {
	if r.values == nil {
		r.values = map[string]string{}
	}
	r.values[name] = value
}

// BasicAuth returns name and password.
func (r *Request) BasicAuth() (username, password string, ok bool) {
	encoded, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Basic ")
	if !ok {
		return "", "", false
	}
	data, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return "", "", false
	}
	return strings.Cut(string(data), ":")
}

// SetBasicAuth sends them.
func (r *Request) SetBasicAuth(username, password string) {
	r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(username+":"+password)))
}

// ParseForm reads the query and, of POST, PUT and PATCH, a form in the body.
func (r *Request) ParseForm() error {
	var err error
	if r.PostForm == nil {
		r.PostForm = url.Values{}
		posts := r.Method == "POST" || r.Method == "PUT" || r.Method == "PATCH"
		if posts && r.Body == nil {
			err = errors.New("missing form body")
		} else if posts && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
			var data []byte
			data, err = io.ReadAll(io.LimitReader(r.Body, 10<<20))
			if err == nil {
				r.PostForm, err = url.ParseQuery(string(data))
			}
		}
	}
	if r.Form == nil {
		r.Form = url.Values{}
		for k, vs := range r.PostForm {
			r.Form[k] = append(r.Form[k], vs...)
		}
		if r.URL != nil {
			query, failed := url.ParseQuery(r.URL.RawQuery)
			if err == nil {
				err = failed
			}
			for k, vs := range query {
				r.Form[k] = append(r.Form[k], vs...)
			}
		}
	}
	return err
}

// FormValue returns the first value of a key, whatever fails.
func (r *Request) FormValue(key string) string {
	if r.Form == nil {
		r.ParseForm()
	}
	return r.Form.Get(key)
}

func (r *Request) PostFormValue(key string) string {
	if r.PostForm == nil {
		r.ParseForm()
	}
	return r.PostForm.Get(key)
}

func NewRequest(method, url string, body io.Reader) (*Request, error) {
	return NewRequestWithContext(context.Background(), method, url, body)
}

func NewRequestWithContext(ctx context.Context, method, target string, body io.Reader) (*Request, error) {
	if method == "" {
		method = "GET"
	}
	if strings.ContainsAny(method, " \t\r\n/:\"(),;<=>?@[]{}") {
		return nil, fmt.Errorf("net/http: invalid method %q", method)
	}
	if ctx == nil {
		return nil, errors.New("net/http: nil Context")
	}
	u, err := url.Parse(target)
	if err != nil {
		return nil, err
	}
	rc, ok := body.(io.ReadCloser)
	if !ok && body != nil {
		rc = io.NopCloser(body)
	}
	u.Host = strings.TrimSuffix(u.Host, ":")
	r := &Request{
		ctx: ctx, Method: method, URL: u, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: make(Header), Body: rc, Host: u.Host,
	}
	if body != nil {
		switch v := body.(type) {
		case *bytes.Buffer:
			r.ContentLength = int64(v.Len())
			data := v.Bytes()
			r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
		case *bytes.Reader:
			r.ContentLength = int64(v.Len())
			snapshot := *v
			r.GetBody = func() (io.ReadCloser, error) { c := snapshot; return io.NopCloser(&c), nil }
		case *strings.Reader:
			r.ContentLength = int64(v.Len())
			snapshot := *v
			r.GetBody = func() (io.ReadCloser, error) { c := snapshot; return io.NopCloser(&c), nil }
		}
		if r.GetBody != nil && r.ContentLength == 0 {
			r.Body = NoBody
			r.GetBody = func() (io.ReadCloser, error) { return NoBody, nil }
		}
	}
	return r, nil
}

func (r *Request) closeBody() error {
	if r.Body == nil {
		return nil
	}
	return r.Body.Close()
}

// outgoingLength is that of the body that a client sends, -1 if it is not known.
func (r *Request) outgoingLength() int64 {
	if r.Body == nil || r.Body == NoBody {
		return 0
	}
	if r.ContentLength != 0 {
		return r.ContentLength
	}
	return -1
}

var sentByUs = map[string]bool{
	"Host": true, "User-Agent": true, "Content-Length": true, "Transfer-Encoding": true, "Trailer": true,
}

// Write writes the request as a client does.
func (r *Request) Write(w io.Writer) error { return r.write(w, nil) }

func (r *Request) write(w io.Writer, extra Header) (err error) {
	host := r.Host
	if host == "" {
		if r.URL == nil {
			return errors.New("http: Request.Write on Request with no Host or URL set")
		}
		host = r.URL.Host
	}
	method := r.Method
	if method == "" {
		method = "GET"
	}
	agent := defaultUserAgent
	if v, ok := r.Header["User-Agent"]; ok {
		agent = ""
		if len(v) > 0 {
			agent = v[0]
		}
	}
	head := method + " " + r.URL.RequestURI() + " HTTP/1.1\r\nHost: " + host + "\r\n"
	if agent != "" {
		head += "User-Agent: " + agent + "\r\n"
	}
	length := r.outgoingLength()
	if r.Close && !hasToken(r.Header["Connection"], "close") {
		head += "Connection: close\r\n"
	}
	switch {
	case length > 0:
		head += "Content-Length: " + strconv.FormatInt(length, 10) + "\r\n"
	case length < 0:
		head += "Transfer-Encoding: chunked\r\n"
	case method == "POST" || method == "PUT" || method == "PATCH":
		head += "Content-Length: 0\r\n"
	}
	head += r.Header.text(sentByUs) + extra.text(nil) + "\r\n"
	if _, err := io.WriteString(w, head); err != nil {
		return err
	}
	if length == 0 {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil
	}
	if b, ok := w.(*bufio.Writer); ok && length < 0 {
		// A body that may wait for somebody keeps nobody from reading the head.
		if err := b.Flush(); err != nil {
			return err
		}
	}
	if length > 0 {
		var n int64
		n, err = io.Copy(w, io.LimitReader(r.Body, length))
		if err == nil && n != length {
			err = fmt.Errorf("http: ContentLength=%d with Body length %d", length, n)
		}
	} else {
		chunks := &chunkedWriter{w}
		if _, err = io.Copy(chunks, r.Body); err == nil {
			err = chunks.Close()
		}
	}
	if err != nil {
		r.Body.Close()
		return err
	}
	return r.Body.Close()
}

// ReadRequest reads the head of a request; its body is read from b later.
func ReadRequest(b *bufio.Reader) (*Request, error) {
	r, _, err := readRequest(b)
	return r, err
}

func readRequest(b *bufio.Reader) (*Request, *body, error) {
	first, header, err := readHead(b)
	if err != nil {
		return nil, nil, err
	}
	method, rest, ok1 := strings.Cut(first, " ")
	target, proto, ok2 := strings.Cut(rest, " ")
	if !ok1 || !ok2 || !strings.HasPrefix(proto, "HTTP/1.") {
		return nil, nil, badRequest("malformed HTTP request " + strconv.Quote(first))
	}
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return nil, nil, err
	}
	r := &Request{
		Method: method, URL: u, RequestURI: target, Proto: proto, ProtoMajor: 1, Header: header,
		Host: u.Host,
	}
	if proto == "HTTP/1.1" {
		r.ProtoMinor = 1
	}
	if r.Host == "" {
		r.Host = header.Get("Host")
	}
	delete(header, "Host")
	length, chunked, err := bodyLength(header, false)
	if err != nil {
		return nil, nil, err
	}
	r.Close = closes(r.ProtoMinor, header)
	r.ContentLength = length
	bd := newBody(b, length, chunked)
	if chunked {
		r.TransferEncoding = []string{"chunked"}
	}
	if bd == nil {
		r.Body = NoBody
	} else {
		bd.closing = r.Close
		r.Body = bd
	}
	return r, bd, nil
}
