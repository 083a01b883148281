// Clients give up after 20 ms, and the handler with them: the context of its request ends.
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"
)

const clients = 3

type price struct {
	answers chan int
}

// ask starts a question that is never answered: the other side is down.
func ask() price {
	return price{make(chan int)}
}

func main() {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := ask()
		select {
		case answer := <-p.answers:
			fmt.Fprintln(w, answer)
		case <-r.Context().Done(): // the client is gone
		}
	}))
	for range clients {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		req, _ := http.NewRequestWithContext(ctx, "GET", srv.URL, nil)
		_, err := http.DefaultClient.Do(req)
		cancel()
		fmt.Println("answered:", err == nil)
	}
	srv.Listener.Close() // nobody can come any more
}
