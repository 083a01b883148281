package main

import (
	"fmt"
	"time"
)

func main() {
	n := 0
	t := time.NewTicker(time.Millisecond)
	stop := make(chan bool)
	go func() {
		for {
			select {
			case <-t.C:
				n++
			case <-stop:
				return
			}
		}
	}()
	time.Sleep(5 * time.Millisecond)
	fmt.Println(n >= 0)
	close(stop)
}
