// One of two poses a question nobody answers; main reads in a dump whether it waits already.
package main

import (
	"fmt"
	"runtime"
	"strings"
)

func main() {
	ch := make(chan int)
	go func() { ch <- 1 }()
	runtime.Gosched()
	buf := make([]byte, 1<<16)
	dump := string(buf[:runtime.Stack(buf, true)])
	fmt.Println("goroutines:", strings.Count(dump, "goroutine "), "waiting:", strings.Count(dump, "[chan send"))
}
