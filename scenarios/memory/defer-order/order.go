// Three defers. In which order do they run, and with which values?
package main

import (
	"fmt"
	"time"
)

func work() {
	room := 1
	defer fmt.Println("defer 1: room was", room) // Notice: when is room read?
	room = 2
	defer fmt.Println("defer 2: room was", room)
	defer func() { fmt.Println("defer 3: room is ", room) }()
	room = 3
	time.Sleep(10 * time.Millisecond)
	fmt.Println("the function returns now")
}

func main() {
	work()
	fmt.Println("the function has returned")
}
