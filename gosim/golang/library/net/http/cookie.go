package http

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A SameSite says when a browser sends a cookie.
type SameSite int

const (
	SameSiteDefaultMode SameSite = iota + 1
	SameSiteLaxMode
	SameSiteStrictMode
	SameSiteNoneMode
)

// A Cookie is a name with a value that a client gives back.
type Cookie struct {
	Name       string
	Value      string
	Path       string
	Domain     string
	Expires    time.Time
	RawExpires string
	MaxAge     int
	Secure     bool
	HttpOnly   bool
	SameSite   SameSite
	Raw        string
	Unparsed   []string
}

func (c *Cookie) String() string {
	if c == nil || c.Name == "" {
		return ""
	}
	s := c.Name + "=" + c.Value
	if c.Path != "" {
		s += "; Path=" + c.Path
	}
	if c.Domain != "" {
		s += "; Domain=" + c.Domain
	}
	if !c.Expires.IsZero() {
		s += "; Expires=" + c.Expires.UTC().Format(TimeFormat)
	}
	if c.MaxAge > 0 {
		s += "; Max-Age=" + strconv.Itoa(c.MaxAge)
	} else if c.MaxAge < 0 {
		s += "; Max-Age=0"
	}
	if c.HttpOnly {
		s += "; HttpOnly"
	}
	if c.Secure {
		s += "; Secure"
	}
	switch c.SameSite {
	case SameSiteNoneMode:
		s += "; SameSite=None"
	case SameSiteLaxMode:
		s += "; SameSite=Lax"
	case SameSiteStrictMode:
		s += "; SameSite=Strict"
	}
	return s
}

// SetCookie adds a cookie to an answer.
func SetCookie(w ResponseWriter, cookie *Cookie) {
	if v := cookie.String(); v != "" {
		w.Header().Add("Set-Cookie", v)
	}
}

func (r *Request) AddCookie(c *Cookie) {
	s := c.Name + "=" + c.Value
	if old := r.Header.Get("Cookie"); old != "" {
		s = old + "; " + s
	}
	r.Header.Set("Cookie", s)
}

func (r *Request) Cookies() []*Cookie {
	var found []*Cookie
	for _, line := range r.Header["Cookie"] {
		for _, part := range strings.Split(line, ";") {
			if name, value, ok := strings.Cut(strings.TrimSpace(part), "="); ok {
				found = append(found, &Cookie{Name: name, Value: strings.Trim(value, `"`)})
			}
		}
	}
	return found
}

func (r *Request) Cookie(name string) (*Cookie, error) {
	for _, c := range r.Cookies() {
		if c.Name == name {
			return c, nil
		}
	}
	return nil, ErrNoCookie
}

// Cookies reads name, value and path of what the server has set.
func (r *Response) Cookies() []*Cookie {
	var found []*Cookie
	for _, line := range r.Header["Set-Cookie"] {
		parts := strings.Split(line, ";")
		name, value, ok := strings.Cut(strings.TrimSpace(parts[0]), "=")
		if !ok {
			continue
		}
		c := &Cookie{Name: name, Value: value, Raw: line}
		for _, part := range parts[1:] {
			key, v, _ := strings.Cut(strings.TrimSpace(part), "=")
			switch strings.ToLower(key) {
			case "path":
				c.Path = v
			case "domain":
				c.Domain = v
			case "max-age":
				c.MaxAge, _ = strconv.Atoi(v)
			case "httponly":
				c.HttpOnly = true
			case "secure":
				c.Secure = true
			}
		}
		found = append(found, c)
	}
	return found
}

// A CookieJar keeps the cookies of a client.
type CookieJar interface {
	SetCookies(u *url.URL, cookies []*Cookie)
	Cookies(u *url.URL) []*Cookie
}
