// Shutdown waits for the handler that is busy, and a new request is refused meanwhile.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	entered := make(chan bool)
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		entered <- true
		time.Sleep(60 * time.Millisecond)
		io.WriteString(w, "finished")
	})}
	hook := make(chan string, 1)
	srv.RegisterOnShutdown(func() { hook <- "shutting down" })
	served := make(chan error)
	go func() { served <- srv.Serve(l) }()
	answer := make(chan string)
	go func() {
		resp, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answer <- string(body)
	}()
	<-entered
	down := make(chan error)
	go func() { down <- srv.Shutdown(context.Background()) }()
	fmt.Println(<-served)
	fmt.Println(<-hook)
	_, err = http.Get("http://" + l.Addr().String())
	fmt.Println("refused:", err != nil)
	fmt.Println(<-answer)
	fmt.Println(<-down)
}
