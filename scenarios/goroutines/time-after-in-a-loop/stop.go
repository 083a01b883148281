// Every turn makes a timer and stops it as soon as the value is there.
package main

import (
	"fmt"
	"time"
)

const n = 1000

func main() {
	values := make(chan int, n) // room for all: should the loop give up, the sender still ends
	go func() {
		defer close(values)
		for i := 0; i < n; i++ {
			values <- i
		}
	}()
	sum := 0
	for {
		timeout := time.NewTimer(time.Hour)
		select {
		case v, ok := <-values:
			timeout.Stop() // time.After gives you nothing to stop, NewTimer does
			if !ok {
				fmt.Println("sum:", sum)
				return
			}
			sum += v
		case <-timeout.C:
			fmt.Println("nothing came for an hour")
			return
		}
	}
}
