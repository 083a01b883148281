// There is a place for the second report. Nobody is left over, and nobody reads it.
package main

import (
	"errors"
	"fmt"
	"runtime"
	"time"
)

func save(name string, result chan<- error) {
	if name == "" {
		result <- errors.New("no file name")
		// Notice: there is no return here, so the function goes on
	}
	result <- nil // Notice: "no error" lies in the buffer now, for whoever reads next
}

func main() {
	result := make(chan error, 1)
	go save("", result)
	if err := <-result; err != nil {
		fmt.Println("not saved:", err)
	}
	time.Sleep(10 * time.Millisecond)
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
