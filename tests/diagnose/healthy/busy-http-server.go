// A server that is at work: requests are in flight, a lock is in use, handlers wait for a slow step.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

var (
	once   sync.Once
	server *httptest.Server
	mu     sync.Mutex
	hits   int
)

func handle(w http.ResponseWriter, r *http.Request) {
	mu.Lock()
	hits++
	mu.Unlock()
	done := make(chan int, 1)
	go func() {
		time.Sleep(40 * time.Millisecond)
		done <- 1
	}()
	select {
	case <-done:
		fmt.Fprintln(w, "hello")
	case <-r.Context().Done():
	}
}

func load(url string) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	for {
		resp, err := client.Get(url)
		if err != nil {
			continue
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
}

func main() {
	once.Do(func() {
		server = httptest.NewServer(http.HandlerFunc(handle))
		for i := 0; i < 6; i++ {
			go load(server.URL)
		}
	})
	time.Sleep(30 * time.Millisecond)
}
