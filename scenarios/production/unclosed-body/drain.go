// The same health check: each body is read to its end and closed, so one connection serves all.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
)

const checks = 3

func healthy(url string) bool {
	resp, err := http.Get(url)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body) // read to the end: the connection can be used again
	return resp.StatusCode == http.StatusOK
}

func main() {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "all is well")
	}))
	for range checks {
		fmt.Println("healthy:", healthy(srv.URL))
	}
	srv.Close()
}
