// A health check asks a server three times, looks at the status, and forgets the bodies.
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
	return resp.StatusCode == http.StatusOK // Notice: nobody closes resp.Body
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
