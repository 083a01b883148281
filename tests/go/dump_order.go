package main

import (
	_ "fmt"
	"runtime"
)

func main() {
	c := make(chan int)
	for r := 0; r < 3; r++ {
		for i := 0; i < 150; i++ {
			i := i
			go func() {
				if (i*7+r)%3 == 0 {
					<-c
				}
			}()
		}
		runtime.Gosched()
	}
	<-c
}
