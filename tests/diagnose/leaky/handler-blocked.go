// A handler that waits for a lock which a failed request has kept.
package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

var (
	once   sync.Once
	server *httptest.Server
	mu     sync.Mutex
	fail   = true
)

func handle(w http.ResponseWriter, r *http.Request) {
	mu.Lock()
	if fail {
		fail = false
		http.Error(w, "failed", 500)
		return // the lock stays
	}
	mu.Unlock()
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
}
