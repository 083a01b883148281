// Closing a channel releases two waiters, in any order.
package main

import "fmt"

func main() {
	start := make(chan struct{})
	order := make(chan int, 2)
	for i := range 2 {
		go func() {
			<-start
			order <- i
		}()
	}
	close(start)
	fmt.Println(<-order, <-order)
}
