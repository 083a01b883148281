// A goroutine reports its result: an error, and then success as well.
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
	result <- nil // after an error this is the second report, and nobody reads it
}

func main() {
	result := make(chan error)
	go save("", result)
	if err := <-result; err != nil {
		fmt.Println("not saved:", err)
	}
	time.Sleep(10 * time.Millisecond)
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
