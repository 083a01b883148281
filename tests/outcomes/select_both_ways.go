// Two goroutines offer to send and to receive on the same channel: one sends, the other receives.
package main

import (
	"fmt"
	"sync"
)

func main() {
	ch := make(chan string)
	var wg sync.WaitGroup
	said := make([]string, 2)
	for i, name := range []string{"a", "b"} {
		wg.Go(func() {
			select {
			case ch <- name:
				said[i] = name + " sent"
			case v := <-ch:
				said[i] = name + " received " + v
			}
		})
	}
	wg.Wait()
	fmt.Println(said[0], "and", said[1])
}
