package main

import (
	"fmt"
	"os"
	"runtime"
	"time"
)

func main() {
	done := make(chan bool)
	go func() {
		defer close(done)
		defer fmt.Println("deferred by goexit")
		func() {
			defer func() { fmt.Println("recover in goexit:", recover()) }()
			runtime.Goexit()
		}()
		fmt.Println("unreachable")
	}()
	<-done
	go func() {
		defer func() {
			defer func() { fmt.Println("r", recover()) }()
			panic("in goexit")
		}()
		runtime.Goexit()
	}()
	time.Sleep(time.Millisecond)
	defer fmt.Println("never")
	func() {
		defer func() {
			fmt.Println(recover())
			os.Exit(7)
		}()
		var f func()
		f()
	}()
}
