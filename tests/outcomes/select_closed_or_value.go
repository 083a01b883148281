// A closed channel is always ready, and so is one with something in it.
package main

import "fmt"

func main() {
	stop, work := make(chan struct{}), make(chan int, 2)
	close(stop)
	work <- 1
	work <- 2
	for {
		select {
		case v := <-work:
			fmt.Println("work", v)
		case <-stop:
			fmt.Println("stopped with", len(work), "left")
			return
		}
	}
}
