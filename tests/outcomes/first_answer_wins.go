// Three replicas, one answer wanted: the others stay.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	answers := make(chan int)
	for i := range 3 {
		go func() {
			time.Sleep(time.Millisecond)
			answers <- i
		}()
	}
	fmt.Println("answer of", <-answers)
	time.Sleep(20 * time.Millisecond)
	fmt.Println(runtime.NumGoroutine()-1, "left")
}
