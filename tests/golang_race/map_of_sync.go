package main

import (
	"fmt"
	"sync"
)

func main() {
	var m sync.Map
	x := 0
	go func() {
		x = 1
		m.Store("ready", true)
	}()
	if _, ok := m.Load("ready"); ok {
		fmt.Println(x)
	}
}
