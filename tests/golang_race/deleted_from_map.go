package main

import (
	"fmt"
)

func main() {
	m := map[string]int{"a": 1, "b": 2}
	done := make(chan bool)
	go func() {
		delete(m, "a")
		done <- true
	}()
	n := len(m)
	<-done
	fmt.Println(n > 0)
}
