package main

import (
	"errors"
	"fmt"
)

func safe() (v int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("recovered")
		}
	}()
	done := make(chan int)
	go func() { done <- 1 }()
	v = <-done
	panic("no")
}

func main() {
	v, err := safe()
	fmt.Println(v, err)
}
