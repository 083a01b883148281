// Every turn of the loop makes a new one-hour timer, and the next value always comes first.
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
		select {
		case v, ok := <-values:
			if !ok {
				fmt.Println("sum:", sum)
				return
			}
			sum += v
		case <-time.After(time.Hour): // Notice: one more timer per turn, all of them wait an hour
			fmt.Println("nothing came for an hour")
			return
		}
	}
}
