package main

import (
	"fmt"
)

func main() {
	n := 1
	p := &n
	done := make(chan bool)
	go func() {
		*p = 2
		done <- true
	}()
	_ = n
	m := *p
	<-done
	fmt.Println(m > 0)
}
