// A select may send or receive; both are possible, on buffers.
package main

import "fmt"

func main() {
	in, out := make(chan string, 1), make(chan string, 1)
	in <- "received"
	select {
	case out <- "sent":
		fmt.Println(<-out, len(in))
	case v := <-in:
		fmt.Println(v, len(out))
	}
}
