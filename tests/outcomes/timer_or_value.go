// A timer that is due a moment after a value.
package main

import (
	"fmt"
	"time"
)

func main() {
	ch := make(chan string, 1)
	go func() {
		time.Sleep(2 * time.Millisecond)
		ch <- "value"
	}()
	select {
	case v := <-ch:
		fmt.Println(v)
	case <-time.After(2*time.Millisecond + 300*time.Microsecond):
		fmt.Println("timeout")
	}
}
