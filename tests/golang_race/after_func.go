package main

import (
	"fmt"
	"time"
)

func main() {
	x := 1
	done := make(chan bool)
	x = 2
	time.AfterFunc(time.Millisecond, func() {
		x++
		close(done)
	})
	<-done
	fmt.Println(x)
}
