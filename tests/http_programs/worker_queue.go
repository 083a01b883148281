// Handlers feed a queue of jobs; workers answer through a channel in the job.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

type job struct {
	text   string
	result chan string
}

func main() {
	jobs := make(chan job)
	for range 2 {
		go func() {
			for j := range jobs {
				time.Sleep(5 * time.Millisecond)
				j.result <- strings.ToUpper(j.text)
			}
		}()
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		j := job{string(body), make(chan string, 1)}
		jobs <- j
		select {
		case s := <-j.result:
			io.WriteString(w, s)
		case <-r.Context().Done():
		}
	}))
	for _, word := range []string{"ping", "pong"} {
		resp, err := http.Post(srv.URL, "text/plain", strings.NewReader(word))
		if err != nil {
			panic(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		fmt.Println(resp.Status, string(body))
	}
}
