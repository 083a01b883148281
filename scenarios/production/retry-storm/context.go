// Each attempt has a context that ends it, and the client waits longer before each.
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"
)

const attempts = 4

func get(url string) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req) // ends with its context
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	return resp.StatusCode, nil
}

func patiently(url string) int {
	for i := range attempts {
		s, err := get(url)
		if err == nil {
			return s
		}
		fmt.Println("attempt", i+1, "timed out")
		time.Sleep(10 * time.Millisecond << i) // the more attempts, the longer it waits
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
