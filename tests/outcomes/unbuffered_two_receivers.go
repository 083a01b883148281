// One value, two receivers: one of them gets it, the other waits for ever.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	ch, got := make(chan int), make(chan string)
	for _, name := range []string{"a", "b"} {
		go func() {
			v := <-ch
			got <- fmt.Sprint(name, v)
		}()
	}
	ch <- 7
	fmt.Println(<-got)
	time.Sleep(20 * time.Millisecond)
	fmt.Println(runtime.NumGoroutine())
}
