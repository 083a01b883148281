// A question that nobody answers; main reads in a dump whether it is being asked already.
package main

import (
	"fmt"
	"runtime"
	"strings"
)

func main() {
	ch := make(chan int)
	go func() { ch <- 1 }()
	buf := make([]byte, 1<<16)
	dump := string(buf[:runtime.Stack(buf, true)])
	fmt.Println("waiting:", strings.Count(dump, "[chan send"))
}
