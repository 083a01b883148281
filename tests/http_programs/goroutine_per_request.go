// A handler starts a goroutine for each request, which reports to a channel that nobody reads.
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"
)

func main() {
	audit := make(chan string)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /item/{id}", func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		go func() { audit <- "read " + id }()
		w.WriteHeader(http.StatusNoContent)
	})
	srv := httptest.NewServer(mux)
	for _, id := range []string{"a", "b", "c"} {
		resp, err := http.Get(srv.URL + "/item/" + id)
		if err != nil {
			panic(err)
		}
		resp.Body.Close()
		fmt.Println(id, resp.Status)
	}
	resp, err := http.Post(srv.URL+"/item/a", "text/plain", nil)
	if err != nil {
		panic(err)
	}
	resp.Body.Close()
	fmt.Println(resp.Status, resp.Header.Get("Allow"))
	srv.Close()
	time.Sleep(20 * time.Millisecond)
}
