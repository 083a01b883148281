// A client asks again when no answer comes within 10 ms. The attempts it gives up go on.
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"
)

const attempts = 4

func get(url string) int {
	resp, err := http.Get(url)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

func patiently(url string) int {
	for i := range attempts {
		status := make(chan int)
		go func() { status <- get(url) }() // Notice: nobody receives once it is late
		select {
		case s := <-status:
			return s
		case <-time.After(10 * time.Millisecond):
			fmt.Println("attempt", i+1, "timed out")
		}
	}
	return 0
}

func main() {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(100 * time.Millisecond) // overloaded
	}))
	fmt.Println("status:", patiently(srv.URL))
	srv.Close()
}
