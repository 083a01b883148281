// Each request derives a context from the server's, and does not cancel it.
package main

import "context"

var server, stop = context.WithCancel(context.Background())

func request() {
	ctx, cancel := context.WithCancel(server)
	if ctx.Err() != nil {
		cancel()
	}
}

func main() {
	for i := 0; i < 3000; i++ {
		request()
	}
}
