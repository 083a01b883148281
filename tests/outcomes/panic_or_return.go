// A goroutine panics, unless main returns before.
package main

import (
	"fmt"
	"runtime"
)

func main() {
	go func() { panic("too bad") }()
	runtime.Gosched()
	fmt.Println("main is done")
}
