// The sender closes the channel after the last page.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func printer(pages <-chan string) {
	for page := range pages {
		fmt.Println("printing", page)
	}
	fmt.Println("printer: switched off")
}

func main() {
	pages := make(chan string)
	go printer(pages)
	for _, page := range []string{"title", "preface", "chapter 1"} {
		pages <- page
	}
	close(pages) // the sender says: that was all
	time.Sleep(10 * time.Millisecond)
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
