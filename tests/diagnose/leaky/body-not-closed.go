// The status is all that interests: the body is never closed, and its connection never free again.
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

var (
	once   sync.Once
	server *httptest.Server
)

func status(url string) int {
	resp, err := http.Get(url)
	if err != nil {
		panic(err)
	}
	return resp.StatusCode // the body is still open
}

func main() {
	once.Do(func() {
		server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintln(w, strings.Repeat("hello ", 10000))
		}))
	})
	for i := 0; i < 5; i++ {
		status(server.URL)
	}
}
