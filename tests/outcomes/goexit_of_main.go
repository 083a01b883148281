// Main ends itself; the rest goes on until nobody is left, or one calls os.Exit.
package main

import (
	"fmt"
	"os"
	"runtime"
)

func main() {
	ch := make(chan int, 1)
	go func() {
		select {
		case ch <- 1:
		default:
			fmt.Println("too late")
			os.Exit(0)
		}
	}()
	go func() {
		select {
		case ch <- 2:
		default:
			fmt.Println("too late, too")
			os.Exit(5)
		}
	}()
	runtime.Goexit()
}
