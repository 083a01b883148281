// Client.Timeout, TimeoutHandler and a panic in a handler.
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"
)

func main() {
	log.SetOutput(io.Discard)
	hold := make(chan bool)
	mux := http.NewServeMux()
	mux.Handle("/limited", http.TimeoutHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-hold // and not r.Context().Done()
	}), 20*time.Millisecond, "too slow"))
	mux.HandleFunc("/panics", func(w http.ResponseWriter, r *http.Request) { panic("oops") })
	mux.HandleFunc("/body", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "begin")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	srv := httptest.NewServer(mux)
	client := &http.Client{Timeout: 80 * time.Millisecond, Transport: &http.Transport{}}
	for _, path := range []string{"/limited", "/panics", "/body", "/none"} {
		resp, err := client.Get(srv.URL + path)
		if err != nil {
			e := err.(*url.Error)
			fmt.Println(path, e.Op, e.Err, e.Timeout())
			continue
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		fmt.Printf("%s %d %q %v\n", path, resp.StatusCode, body, err)
	}
	client.CloseIdleConnections()
	srv.Close()
	time.Sleep(20 * time.Millisecond)
}
