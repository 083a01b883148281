package http

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
)

// A Response came back to a client. Whoever got it must close its Body.
type Response struct {
	Status           string
	StatusCode       int
	Proto            string
	ProtoMajor       int
	ProtoMinor       int
	Header           Header
	Body             io.ReadCloser
	ContentLength    int64
	TransferEncoding []string
	Close            bool
	Uncompressed     bool
	Trailer          Header
	Request          *Request
}

func (r *Response) ProtoAtLeast(major, minor int) bool {
	return r.ProtoMajor > major || r.ProtoMajor == major && r.ProtoMinor >= minor
}

// Location is where the response sends one.
func (r *Response) Location() (*url.URL, error) {
	lv := r.Header.Get("Location")
	if lv == "" {
		return nil, ErrNoLocation
	}
	if r.Request != nil && r.Request.URL != nil {
		return r.Request.URL.Parse(lv)
	}
	return url.Parse(lv)
}

// Write writes the response as a server does.
func (r *Response) Write(w io.Writer) error {
	status := strings.TrimPrefix(r.Status, strconv.Itoa(r.StatusCode)+" ")
	if status == "" {
		status = StatusText(r.StatusCode)
	}
	head := fmt.Sprintf("HTTP/%d.%d %03d %s\r\n", r.ProtoMajor, r.ProtoMinor, r.StatusCode, status)
	var data []byte
	if r.Body != nil {
		var err error
		if data, err = io.ReadAll(r.Body); err != nil {
			return err
		}
	}
	if r.Close {
		head += "Connection: close\r\n"
	}
	head += "Content-Length: " + strconv.Itoa(len(data)) + "\r\n"
	head += r.Header.text(map[string]bool{"Content-Length": true, "Transfer-Encoding": true, "Connection": r.Close})
	if _, err := io.WriteString(w, head+"\r\n"); err != nil {
		return err
	}
	_, err := w.Write(data)
	return err
}

// bodyAllowedForStatus tells which answers have a body.
func bodyAllowedForStatus(status int) bool {
	return status >= 200 && status != 204 && status != 304
}

// ReadResponse reads the head of a response; its body is read from r later.
func ReadResponse(r *bufio.Reader, req *Request) (*Response, error) {
	first, header, err := readHead(r)
	if err != nil {
		return nil, unexpected(err)
	}
	proto, status, ok := strings.Cut(first, " ")
	if !ok || !strings.HasPrefix(proto, "HTTP/1.") {
		return nil, fmt.Errorf("malformed HTTP response %q", first)
	}
	code, _, _ := strings.Cut(status, " ")
	n, err := strconv.Atoi(code)
	if err != nil || len(code) != 3 {
		return nil, fmt.Errorf("malformed HTTP status code %q", code)
	}
	resp := &Response{
		Status: strings.TrimLeft(status, " "), StatusCode: n, Proto: proto, ProtoMajor: 1, Header: header,
		Request: req,
	}
	if proto == "HTTP/1.1" {
		resp.ProtoMinor = 1
	}
	length, chunked, err := bodyLength(header, true)
	if err != nil {
		return nil, err
	}
	resp.Close = closes(resp.ProtoMinor, header)
	if req != nil && req.Method == "HEAD" {
		resp.ContentLength, resp.Body = length, NoBody
		return resp, nil
	}
	if !bodyAllowedForStatus(n) {
		length, chunked = 0, false
	}
	if length < 0 && !chunked {
		resp.Close = true
	}
	if chunked {
		resp.TransferEncoding = []string{"chunked"}
	}
	resp.ContentLength = length
	if bd := newBody(r, length, chunked); bd != nil {
		bd.closing = resp.Close
		resp.Body = bd
	} else {
		resp.Body = NoBody
	}
	return resp, nil
}

var errReadOnClosedResBody = errors.New("http: read on closed response body")
