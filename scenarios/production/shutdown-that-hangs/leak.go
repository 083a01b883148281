// A server streams news to a client. Shutdown waits for its handler, and the handler for news.
package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

func main() {
	news := make(chan string, 1)
	news <- "hello"
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for {
			select {
			case line := <-news:
				fmt.Fprintln(w, line)
				w.(http.Flusher).Flush()
			case <-r.Context().Done(): // Notice: Shutdown ends no context of a request
				return
			}
		}
	})}
	go srv.Serve(l)
	read := make(chan string)
	go func() {
		resp, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			panic(err)
		}
		defer resp.Body.Close()
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			read <- lines.Text()
		}
		close(read)
	}()
	fmt.Println("client read:", <-read)

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	fmt.Println("shutdown:", srv.Shutdown(ctx))
}
