// The builtin println of two goroutines, of which main awaits one: what stands first in stderr?
package main

import "fmt"

func main() {
	done := make(chan bool)
	say := func(name string) {
		println("here is", name)
		done <- true
	}
	go say("a")
	go say("b")
	<-done
	fmt.Println("done")
}
