// Three backends are asked at once, the first answer is taken, and the rest is cancelled.
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

func main() {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d, _ := time.ParseDuration(r.URL.Query().Get("d"))
		select {
		case <-time.After(d):
			fmt.Fprint(w, d)
		case <-r.Context().Done():
		}
	}))
	ctx, cancel := context.WithCancel(context.Background())
	answers := make(chan string, 3)
	var wg sync.WaitGroup
	for _, d := range []string{"400ms", "30ms", "500ms"} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			req, _ := http.NewRequestWithContext(ctx, "GET", srv.URL+"/?d="+d, nil)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				answers <- "cancelled"
				return
			}
			defer resp.Body.Close()
			body, _ := io.ReadAll(resp.Body)
			answers <- string(body)
		}()
	}
	fmt.Println(<-answers)
	cancel()
	wg.Wait()
	fmt.Println(<-answers, <-answers)
	srv.Close()
}
