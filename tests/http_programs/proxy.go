// A proxy hands requests on with the context of its own client, and forgets the body once.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"
)

func main() {
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Path", r.URL.Path)
		if r.URL.Path == "/broken" {
			w.WriteHeader(http.StatusInternalServerError)
		}
		fmt.Fprintf(w, "%s %s", r.Method, r.URL.Query().Get("q"))
	}))
	client := &http.Client{Transport: &http.Transport{}}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req, err := http.NewRequestWithContext(r.Context(), r.Method, backend.URL+r.URL.RequestURI(), r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		resp, err := client.Do(req)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		if resp.StatusCode != http.StatusOK {
			http.Error(w, "backend failed", http.StatusBadGateway)
			return // the body of the response is forgotten
		}
		defer resp.Body.Close()
		w.Header().Set("X-Path", resp.Header.Get("X-Path"))
		io.Copy(w, resp.Body)
	}))
	for _, path := range []string{"/a?q=1", "/broken", "/b?q=2"} {
		resp, err := http.Get(proxy.URL + path)
		if err != nil {
			panic(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		fmt.Printf("%d %q %q\n", resp.StatusCode, resp.Header.Get("X-Path"), body)
	}
	proxy.Close()
	time.Sleep(20 * time.Millisecond)
}
