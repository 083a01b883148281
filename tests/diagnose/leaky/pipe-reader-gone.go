// A pipe whose reader gives up after the first line: the writer stays in Write.
package main

import (
	"bufio"
	"fmt"
	"io"
	"time"
)

func export(to *io.PipeWriter) {
	defer to.Close()
	for i := 0; i < 10; i++ {
		fmt.Fprintln(to, "line", i)
	}
}

func firstLine() string {
	from, to := io.Pipe()
	go export(to)
	line, _ := bufio.NewReader(io.LimitReader(from, 7)).ReadString('\n')
	return line
}

func main() {
	for i := 0; i < 3; i++ {
		firstLine()
	}
	time.Sleep(5 * time.Millisecond)
}
