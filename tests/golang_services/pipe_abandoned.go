package main

import (
	"bufio"
	"fmt"
	"io"
	"time"
)

// Reads the head of what a goroutine writes into a pipe, and goes away.
func lines(w *io.PipeWriter) {
	out := bufio.NewWriterSize(w, 16)
	for i := 0; i < 10; i++ {
		fmt.Fprintf(out, "line number %d\n", i)
	}
	fmt.Println("flush:", out.Flush())
	w.Close()
}

func main() {
	r, w := io.Pipe()
	go lines(w)
	line, err := bufio.NewReaderSize(r, 16).ReadString(10)
	fmt.Printf("%q %v\n", line, err)
	time.Sleep(10 * time.Millisecond)
}
