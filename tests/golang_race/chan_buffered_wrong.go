package main

import (
	"fmt"
	"time"
)

func main() {
	msg := ""
	c := make(chan int, 1)
	go func() {
		msg = "hello"
		<-c
	}()
	c <- 0
	time.Sleep(time.Millisecond)
	fmt.Println(msg)
}
