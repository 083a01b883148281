// A goroutine reports its result: an error or success.
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
		return // one result on each way through the function
	}
	result <- nil
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
