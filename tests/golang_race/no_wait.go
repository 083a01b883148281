package main

import (
	"fmt"
	"time"
)

func main() {
	done := false
	go func() { done = true }()
	time.Sleep(time.Millisecond)
	fmt.Println(done)
}
