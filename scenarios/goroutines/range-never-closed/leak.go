// The printer takes pages until the channel is closed. Nobody closes it.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func printer(pages <-chan string) {
	for page := range pages { // ends when pages is closed, and only then
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
	// Notice: main knows that this was the last page, and keeps it to itself
	time.Sleep(10 * time.Millisecond)
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
