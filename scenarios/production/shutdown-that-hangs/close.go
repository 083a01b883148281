// The same server: what is not done in time is cut off with Close.
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
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for {
			select {
			case line := <-news:
				fmt.Fprintln(w, line)
				w.(http.Flusher).Flush()
			case <-r.Context().Done(): // ends with the connection
				return
			}
		}
	})}
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
	err := srv.Shutdown(ctx)
	fmt.Println("shutdown:", err)
	if err != nil {
		srv.Close() // ends the connections, and with them the contexts of their requests
	}
	_, more := <-read
	fmt.Println("client reads on:", more)
}
