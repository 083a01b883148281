// The same two polite goroutines, but main has something else to do.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func talk(name string, hear <-chan string, say chan<- string) {
	word := <-hear
	say <- "hello from " + name
	fmt.Println(name, "heard:", word)
}

func main() {
	toAnn, toBob := make(chan string, 1), make(chan string, 1)
	go talk("Ann", toAnn, toBob)
	go talk("Bob", toBob, toAnn)
	for hour := 1; hour <= 3; hour++ {
		time.Sleep(5 * time.Millisecond)
		// Notice: no message from the runtime, as long as one goroutine can still run
		fmt.Println("hour", hour, "- goroutines waiting:", runtime.NumGoroutine()-1)
	}
}
