package main

import (
	"fmt"
)

func main() {
	msg := ""
	done := make(chan bool)
	go func() {
		msg = "hello"
		done <- true
	}()
	<-done
	fmt.Println(msg)
}
