package main

import (
	"fmt"
)

func main() {
	msg := ""
	c := make(chan int)
	go func() {
		msg = "hello"
		<-c
	}()
	c <- 0
	fmt.Println(msg)
}
