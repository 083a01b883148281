// HTTP written by hand on a connection, and a server written by hand that net/http asks.
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
)

func main() {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.Path, body)
	}))
	c, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		panic(err)
	}
	fmt.Fprintf(c, "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
	fmt.Fprintf(c, "GET /y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	for s := bufio.NewScanner(c); s.Scan(); {
		if !strings.HasPrefix(s.Text(), "Date:") {
			fmt.Printf("%q\n", s.Text())
		}
	}
	c.Close()
	srv.Close()

	l, _ := net.Listen("tcp", "127.0.0.1:0")
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b := bufio.NewReader(c)
			for line := ""; line != "\r\n"; line, _ = b.ReadString('\n') {
				if line != "" && !strings.HasPrefix(line, "Host") {
					fmt.Printf("asked %q\n", line)
				}
			}
			io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\nuntil the end")
			c.Close()
		}
	}()
	resp, err := http.Get("http://" + l.Addr().String() + "/z?q=a+b")
	if err != nil {
		panic(err)
	}
	body, err := io.ReadAll(resp.Body)
	fmt.Printf("%s %d %q %v\n", resp.Proto, resp.ContentLength, body, err)
	resp.Body.Close()
	l.Close()
}
