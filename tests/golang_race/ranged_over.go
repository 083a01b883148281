package main

import (
	"fmt"
)

func main() {
	s := []int{1, 2, 3}
	done := make(chan bool)
	go func() {
		s[2] = 9
		done <- true
	}()
	sum := 0
	for _, v := range s {
		sum += v
	}
	<-done
	fmt.Println(sum > 0)
}
