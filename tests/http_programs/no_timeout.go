// A client without a timeout, and a server that never answers: who asked waits for ever.
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"
)

func main() {
	never := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-never
	}))
	for i := range 3 {
		go func() {
			_, err := http.Get(srv.URL)
			fmt.Println(i, err)
		}()
	}
	time.Sleep(50 * time.Millisecond)
	fmt.Println("gave up")
}
