// The same health check, and each body is closed.
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
)

const checks = 3

func healthy(url string) bool {
	resp, err := http.Get(url)
	if err != nil {
		return false
	}
	defer resp.Body.Close() // also where nobody wants the body
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
