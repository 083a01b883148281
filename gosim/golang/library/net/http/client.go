package http

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strings"
	"time"
)

// A Client sends requests and follows redirects.
type Client struct {
	Transport     RoundTripper
	CheckRedirect func(req *Request, via []*Request) error
	Jar           CookieJar
	Timeout       time.Duration
}

var DefaultClient = &Client{}

func (c *Client) transport() RoundTripper {
	if c.Transport != nil {
		return c.Transport
	}
	return DefaultTransport
}

func Get(url string) (resp *Response, err error)  { return DefaultClient.Get(url) }
func Head(url string) (resp *Response, err error) { return DefaultClient.Head(url) }

func Post(url, contentType string, body io.Reader) (resp *Response, err error) {
	return DefaultClient.Post(url, contentType, body)
}

func PostForm(url string, data url.Values) (resp *Response, err error) {
	return DefaultClient.PostForm(url, data)
}

func (c *Client) Get(url string) (resp *Response, err error) {
	req, err := NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	return c.Do(req)
}

func (c *Client) Head(url string) (resp *Response, err error) {
	req, err := NewRequest("HEAD", url, nil)
	if err != nil {
		return nil, err
	}
	return c.Do(req)
}

func (c *Client) Post(url, contentType string, body io.Reader) (resp *Response, err error) {
	req, err := NewRequest("POST", url, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", contentType)
	return c.Do(req)
}

func (c *Client) PostForm(url string, data url.Values) (resp *Response, err error) {
	return c.Post(url, "application/x-www-form-urlencoded", strings.NewReader(data.Encode()))
}

// CloseIdleConnections closes what lies in the pool of the transport.
func (c *Client) CloseIdleConnections() {
	if tr, ok := c.transport().(interface{ CloseIdleConnections() }); ok {
		tr.CloseIdleConnections()
	}
}

func (c *Client) deadline() time.Time {
	if c.Timeout > 0 {
		return time.Now().Add(c.Timeout)
	}
	return time.Time{}
}

func (c *Client) Do(req *Request) (*Response, error) {
	return c.do(req)
}

func failed(method, target string, err error) error {
	if method == "" {
		method = "GET"
	}
	return &url.Error{Op: method[:1] + strings.ToLower(method[1:]), URL: target, Err: err}
}

func (c *Client) do(req *Request) (_ *Response, reterr error) {
	if req.URL == nil {
		req.closeBody()
		return nil, failed(req.Method, "", errors.New("http: nil Request.URL"))
	}
	deadline := c.deadline()
	var reqs []*Request
	for {
		if len(reqs) > 0 {
			resp := req.Response
			loc := resp.Header.Get("Location")
			if loc == "" {
				return resp, nil
			}
			u, err := req.URL.Parse(loc)
			if err != nil {
				resp.Body.Close()
				return nil, failed(reqs[0].Method, req.URL.String(), errors.New("failed to parse Location header "+loc+": "+err.Error()))
			}
			old := reqs[0]
			method, keepsBody := redirected(req.Method, resp.StatusCode)
			next := &Request{
				Method: method, Response: resp, URL: u, Header: old.Header.Clone(), Host: u.Host, Cancel: old.Cancel, ctx: old.ctx,
				Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			}
			if keepsBody && old.GetBody != nil {
				if next.Body, err = old.GetBody(); err != nil {
					resp.Body.Close()
					return nil, failed(old.Method, u.String(), err)
				}
				next.GetBody = old.GetBody
				next.ContentLength = old.ContentLength
			}
			req = next
			err = c.checkRedirect(req, reqs)
			if err == ErrUseLastResponse {
				return resp, nil
			}
			// What is left of the answer is read, so that the connection can be used again.
			const maxBodySlurpSize = 2 << 10
			if resp.ContentLength == -1 || resp.ContentLength <= maxBodySlurpSize {
				io.CopyN(io.Discard, resp.Body, maxBodySlurpSize)
			}
			resp.Body.Close()
			if err != nil {
				return resp, failed(reqs[0].Method, u.String(), err)
			}
		}
		reqs = append(reqs, req)
		resp, didTimeout, err := c.send(req, deadline)
		if err != nil {
			if !deadline.IsZero() && didTimeout() {
				err = &timeoutError{err.Error() + " (Client.Timeout exceeded while awaiting headers)"}
			}
			return nil, failed(reqs[0].Method, req.URL.String(), err)
		}
		switch resp.StatusCode {
		case 301, 302, 303:
		case 307, 308:
			if req.Body != nil && req.Body != NoBody && reqs[0].GetBody == nil {
				return resp, nil
			}
		default:
			return resp, nil
		}
		if resp.Header.Get("Location") == "" {
			return resp, nil
		}
		again := *req
		again.Response = resp
		req = &again
	}
}

func redirected(method string, code int) (string, bool) {
	switch code {
	case 301, 302, 303:
		if method != "GET" && method != "HEAD" {
			return "GET", false
		}
		return method, false
	}
	return method, true
}

func (c *Client) checkRedirect(req *Request, via []*Request) error {
	if c.CheckRedirect != nil {
		return c.CheckRedirect(req, via)
	}
	if len(via) >= 10 {
		return errors.New("stopped after 10 redirects")
	}
	return nil
}

func (c *Client) send(req *Request, deadline time.Time) (resp *Response, didTimeout func() bool, err error) {
	rt := c.transport()
	didTimeout = func() bool { return false }
	if req.RequestURI != "" {
		req.closeBody()
		return nil, didTimeout, errors.New("http: Request.RequestURI can't be set in client requests")
	}
	forked := *req
	req = &forked
	if req.Header == nil {
		req.Header = make(Header)
	}
	if c.Jar != nil {
		req.Header = req.Header.Clone()
		for _, cookie := range c.Jar.Cookies(req.URL) {
			req.AddCookie(cookie)
		}
	}
	stopTimer := func() {}
	if !deadline.IsZero() {
		if d, ok := req.Context().Deadline(); !ok || deadline.Before(d) {
			req.ctx, stopTimer = context.WithDeadline(req.Context(), deadline)
			didTimeout = func() bool { return !time.Now().Before(deadline) }
		}
	}
	resp, err = rt.RoundTrip(req)
	if err != nil {
		stopTimer()
		return nil, didTimeout, err
	}
	if resp == nil {
		return nil, didTimeout, errors.New("http: RoundTripper implementation returned a nil *Response with a nil error")
	}
	if c.Jar != nil {
		if set := resp.Cookies(); len(set) > 0 {
			c.Jar.SetCookies(req.URL, set)
		}
	}
	if resp.Body == nil {
		resp.Body = NoBody
	}
	if !deadline.IsZero() {
		resp.Body = &cancelTimerBody{stop: stopTimer, rc: resp.Body, reqDidTimeout: didTimeout}
	}
	return resp, didTimeout, nil
}

// A cancelTimerBody is read under the time limit of the client.
type cancelTimerBody struct {
	stop          func()
	rc            io.ReadCloser
	reqDidTimeout func() bool
}

func (b *cancelTimerBody) Read(p []byte) (n int, err error) {
	n, err = b.rc.Read(p)
	if err == nil {
		return n, nil
	}
	if err == io.EOF {
		return n, err
	}
	if b.reqDidTimeout() {
		err = &timeoutError{err.Error() + " (Client.Timeout or context cancellation while reading body)"}
	}
	return n, err
}

func (b *cancelTimerBody) Close() error {
	err := b.rc.Close()
	b.stop()
	return err
}
