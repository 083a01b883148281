// Every night some files are uploaded; an open file takes a buffer and a place in a table.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const files = 12

var isOpen, peak int
var arrived []int

type File struct {
	number int
	closed bool
	buffer []byte
}

func openFile(number int) *File {
	isOpen++
	peak = max(peak, isOpen)
	return &File{number: number, buffer: make([]byte, 128<<10)}
}

func close(f *File) {
	isOpen--
	f.closed = true
}

// send sends what is in a file and says whether it was readable.
func send(f *File) bool {
	time.Sleep(5 * time.Millisecond)
	if f.closed {
		panic("read of a closed file")
	}
	if f.number == 5 {
		return false
	}
	arrived = append(arrived, f.number)
	return true
}

// EDIT
// upload sends all files.
func upload() {
	for number := 0; number < files; number++ {
		f := openFile(number)
		defer close(f)
		if !send(f) {
			fmt.Println("damaged: file", number)
			continue
		}
	}
}

// END EDIT

func main() {
	upload()
	runtime.GC()
	fmt.Printf("arrived %d, the last is file %d\n", len(arrived), arrived[len(arrived)-1])
	fmt.Printf("at most %d open, %d left open\n", peak, isOpen)
}
