// The same server, and a context of its own ends all its requests when it is shut down.
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
	news, read := make(chan string, 1), make(chan string)
	news <- "hello"
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	base, stop := context.WithCancel(context.Background())
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for {
			select {
			case line := <-news:
				fmt.Fprintln(w, line)
				w.(http.Flusher).Flush()
			case <-r.Context().Done(): // ends with base
				return
			}
		}
	})}
	srv.BaseContext = func(net.Listener) context.Context { return base }
	srv.RegisterOnShutdown(stop)
	go srv.Serve(l)
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
	_, more := <-read
	fmt.Println("client reads on:", more)
	http.DefaultClient.CloseIdleConnections()
}
