// Two stages with a buffer between them, both of which print.
package main

import "fmt"

func main() {
	between := make(chan int, 1)
	go func() {
		defer close(between)
		for i := range 2 {
			fmt.Println("first stage", i)
			between <- i
		}
	}()
	for i := range between {
		fmt.Println("second stage", i)
	}
}
