// A handler streams events, flushes each, and its client goes away after three.
package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"
)

func main() {
	ended := make(chan int)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for i := 1; ; i++ {
			fmt.Fprintf(w, "event %d\n", i)
			w.(http.Flusher).Flush()
			select {
			case <-tick.C:
			case <-r.Context().Done():
				ended <- i
				return
			}
		}
	}))
	defer srv.Close()
	resp, err := http.Get(srv.URL)
	if err != nil {
		panic(err)
	}
	fmt.Println(resp.Header.Get("Content-Type"), resp.ContentLength, resp.TransferEncoding)
	lines := bufio.NewScanner(resp.Body)
	for range 3 {
		lines.Scan()
		fmt.Println(lines.Text())
	}
	resp.Body.Close()
	fmt.Println("handler ended after its client:", <-ended >= 3)
}
