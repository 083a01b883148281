package main

import (
	"fmt"
	"time"
)

type config struct{ v int }

var current *config

func main() {
	go func() {
		c := &config{}
		c.v++
		current = c
	}()
	time.Sleep(time.Millisecond)
	fmt.Println(current != nil)
}
