package main

import (
	"fmt"
)

func main() {
	s := []int{1, 2, 3}
	done := make(chan bool)
	go func() {
		copy(s, []int{4, 5})
		done <- true
	}()
	t := make([]int, 3)
	copy(t, s)
	<-done
	fmt.Println(len(t))
}
