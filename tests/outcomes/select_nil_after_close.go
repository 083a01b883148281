// Merging two channels; a closed one is set to nil.
package main

import "fmt"

func main() {
	a, b := make(chan int), make(chan int)
	go func() {
		a <- 1
		close(a)
	}()
	go func() {
		b <- 2
		close(b)
	}()
	for a != nil || b != nil {
		select {
		case v, ok := <-a:
			if !ok {
				a = nil
				continue
			}
			fmt.Println(v)
		case v, ok := <-b:
			if !ok {
				b = nil
				continue
			}
			fmt.Println(v)
		}
	}
}
