// One timer for the whole loop, wound up again for every value.
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
	timeout := time.NewTimer(time.Hour)
	defer timeout.Stop()
	sum := 0
	for {
		select {
		case v, ok := <-values:
			if !ok {
				fmt.Println("sum:", sum)
				return
			}
			sum += v
			timeout.Reset(time.Hour) // since Go 1.23 this is safe at any moment
		case <-timeout.C:
			fmt.Println("nothing came for an hour")
			return
		}
	}
}
