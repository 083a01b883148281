// Draining two buffers of two through one select: six orders.
package main

import "fmt"

func main() {
	a, b := make(chan int, 2), make(chan int, 2)
	a <- 1
	a <- 2
	b <- 3
	b <- 4
	var order []int
	for range 4 {
		select {
		case v := <-a:
			order = append(order, v)
		case v := <-b:
			order = append(order, v)
		}
	}
	fmt.Println(order)
}
