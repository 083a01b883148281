// Main waits for a letter that never comes. Does the runtime notice, with a forgotten ticker around?
package main

import (
	"fmt"
	"time"
)

func announce() {
	time.NewTicker(time.Second) // Notice: nobody listens to it, nobody stops it
	fmt.Println("a ticker was made and forgotten")
}

func main() {
	announce()
	letters := make(chan string)
	fmt.Println("main waits for a letter")
	fmt.Println("main got", <-letters) // nobody can send: letters is known to main only
}
