// Everybody has a limit. Main returns earlier, so what is still there then is only late.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func careful(answers <-chan string) {
	select {
	case answer := <-answers:
		fmt.Println("careful got:", answer)
	case <-time.After(30 * time.Millisecond): // Notice: it ends 20 ms after main
	}
}

func main() {
	answers := make(chan string)
	for i := 0; i < 2; i++ {
		go careful(answers)
	}
	time.Sleep(10 * time.Millisecond)
	fmt.Println("waiting after 10 ms:", runtime.NumGoroutine()-1)
}
