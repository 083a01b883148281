package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// A scanner on a pipe that ends with an error, and a writer whose reader has closed.
func main() {
	r, w := io.Pipe()
	go func() {
		fmt.Fprintln(w, "one")
		fmt.Fprintln(w, "two")
		w.CloseWithError(errors.New("the backend is gone"))
	}()
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fmt.Println(lines.Text())
	}
	fmt.Println("scan:", lines.Err())
	done := make(chan bool)
	r, w = io.Pipe()
	go func() {
		n, err := w.Write([]byte("hello"))
		fmt.Println("write:", n, err)
		close(done)
	}()
	buf := make([]byte, 2)
	n, err := r.Read(buf)
	fmt.Println("read:", n, err)
	r.CloseWithError(errors.New("enough"))
	<-done
	_, err = w.Write([]byte("more"))
	fmt.Println(err, errors.Is(err, io.ErrClosedPipe), r.Close())
	_, err = r.Read(buf)
	fmt.Println(err)
}
