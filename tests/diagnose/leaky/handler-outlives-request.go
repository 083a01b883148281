// The client gives up, the handler returns, and its helper wants to send the answer to nobody.
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

var (
	once   sync.Once
	server *httptest.Server
)

func query() string {
	time.Sleep(30 * time.Millisecond)
	return "answer"
}

func handle(w http.ResponseWriter, r *http.Request) {
	answer := make(chan string)
	go func() {
		answer <- query()
	}()
	select {
	case text := <-answer:
		fmt.Fprintln(w, text)
	case <-r.Context().Done():
	}
}

func main() {
	once.Do(func() { server = httptest.NewServer(http.HandlerFunc(handle)) })
	for i := 0; i < 4; i++ {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		req, _ := http.NewRequestWithContext(ctx, "GET", server.URL, nil)
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
		}
		cancel()
	}
	time.Sleep(50 * time.Millisecond)
}
