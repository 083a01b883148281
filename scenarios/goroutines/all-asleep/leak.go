// Two polite goroutines: each waits for the other to speak first. Main waits for both.
package main

import (
	"fmt"
	"sync"
)

func talk(name string, hear <-chan string, say chan<- string, wg *sync.WaitGroup) {
	defer wg.Done()
	word := <-hear // Notice: both stand here, and both words come after this line
	say <- "hello from " + name
	fmt.Println(name, "heard:", word)
}

func main() {
	toAnn, toBob := make(chan string, 1), make(chan string, 1)
	var wg sync.WaitGroup
	wg.Add(2)
	go talk("Ann", toAnn, toBob, &wg)
	go talk("Bob", toBob, toAnn, &wg)
	fmt.Println("main waits for the conversation to end")
	wg.Wait() // three goroutines asleep, nothing left to wake them: the runtime gives up
	fmt.Println("this line is never printed")
}
