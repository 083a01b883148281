// Middleware puts a value into the context of a request, and a base context ends them all.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

type key struct{}

func withUser(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), key{}, r.Header.Get("X-User"))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func main() {
	base, stop := context.WithCancel(context.Background())
	mux := http.NewServeMux()
	mux.HandleFunc("/hello", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "hello, %v", r.Context().Value(key{}))
	})
	mux.HandleFunc("/wait", func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		http.Error(w, "stopping", http.StatusServiceUnavailable)
	})
	srv := &http.Server{Handler: withUser(mux), BaseContext: func(net.Listener) context.Context { return base }}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	ask := func(path string) {
		req, _ := http.NewRequest("GET", "http://"+l.Addr().String()+path, nil)
		req.Header.Set("X-User", "ada")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			panic(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		fmt.Printf("%d %q\n", resp.StatusCode, body)
	}
	ask("/hello")
	time.AfterFunc(30*time.Millisecond, stop)
	ask("/wait")
	fmt.Println(srv.Shutdown(context.Background()), <-served)
	http.DefaultClient.CloseIdleConnections()
}
