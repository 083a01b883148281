// A channel without places: sender and receiver meet. Whoever comes first waits.
package main

import (
	"fmt"
	"time"
)

func main() {
	ch := make(chan int)
	fmt.Println("len", len(ch), "cap", cap(ch))

	go func() {
		time.Sleep(10 * time.Millisecond)
		fmt.Println("sender: late")
		ch <- 1 // the receiver waits already
	}()
	fmt.Println("receiver: waits")
	fmt.Println("receiver: got", <-ch)

	go func() {
		fmt.Println("sender: waits")
		ch <- 2
		fmt.Println("sender: goes on")
	}()
	time.Sleep(10 * time.Millisecond)
	fmt.Println("receiver: late, len is still", len(ch)) // a waiting sender is not in a buffer
	fmt.Println("receiver: got", <-ch)
	time.Sleep(10 * time.Millisecond)
}
