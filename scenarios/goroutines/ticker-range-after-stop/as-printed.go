// A ticker loop written the way the article prints it. What does the compiler say?
package main

import (
	"fmt"
	"time"
)

func heart(ticker *time.Ticker) {
	for t := range ticker.C { // Notice: t is declared and never used
		fmt.Println("beat")
	}
}

func main() {
	ticker := time.NewTicker(10 * time.Millisecond)
	go heart(ticker)
	time.Sleep(35 * time.Millisecond)
	ticker.Stop()
}
