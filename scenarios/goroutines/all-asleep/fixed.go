// One of the two speaks first.
package main

import (
	"fmt"
	"sync"
)

func talk(name string, first bool, hear <-chan string, say chan<- string, wg *sync.WaitGroup) {
	defer wg.Done()
	if first {
		say <- "hello from " + name // somebody has to begin
	}
	word := <-hear
	fmt.Println(name, "heard:", word)
	if !first {
		say <- "hello from " + name
	}
}

func main() {
	toAnn, toBob := make(chan string, 1), make(chan string, 1)
	var wg sync.WaitGroup
	wg.Add(2)
	go talk("Ann", true, toAnn, toBob, &wg)
	go talk("Bob", false, toBob, toAnn, &wg)
	fmt.Println("main waits for the conversation to end")
	wg.Wait()
	fmt.Println("the conversation is over")
}
