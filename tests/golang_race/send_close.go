package main

import (
	"fmt"
	"time"
)

func main() {
	c := make(chan int, 2)
	go func() { c <- 1 }()
	time.Sleep(time.Millisecond)
	close(c)
	fmt.Println(<-c)
}
