// A producer and a consumer with a buffer of one tell what they do.
package main

import "fmt"

func main() {
	ch := make(chan int, 1)
	done := make(chan bool)
	go func() {
		for v := range ch {
			fmt.Println("took", v)
		}
		close(done)
	}()
	for i := range 2 {
		ch <- i
		fmt.Println("put", i)
	}
	close(ch)
	<-done
}
