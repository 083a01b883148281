package main

import (
	"fmt"
)

type stats struct{ requests int }

type server struct {
	stats
	name string
}

func main() {
	s := &server{}
	done := make(chan bool)
	go func() {
		s.requests++
		done <- true
	}()
	s.requests++
	<-done
	fmt.Println(s.requests > 0)
}
