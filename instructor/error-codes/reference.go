// A watchdog reads log lines of 64 KiB and remembers the error code of each: four letters.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

const lines = 30

type Entry struct {
	code  string
	first int // the line it was seen in first
	times int
}

var codes []*Entry // a package variable: it lives as long as the watchdog

// readLine returns a line of the log: an error code, then what else was written.
func readLine(number int) string {
	code := fmt.Sprintf("E%03d ", (number*5+3)%7)
	return strings.Repeat(code, 65536/len(code))
}

func find(code string) *Entry {
	for _, entry := range codes {
		if entry.code == code {
			return entry
		}
	}
	return nil
}

// EDIT
// remember notes the code at the beginning of a line.
func remember(line string, number int) {
	code := strings.Clone(line[:4]) // four bytes of its own
	entry := find(code)
	if entry == nil {
		codes = append(codes, &Entry{code, number, 1})
	} else {
		entry.times++
	}
}

// END EDIT

func main() {
	for number := 0; number < lines; number++ {
		remember(readLine(number), number)
		time.Sleep(time.Millisecond)
	}
	total := 0
	for _, entry := range codes {
		total += entry.times
	}
	fmt.Printf("%d lines, %d kinds of errors\n", total, len(codes))
	fmt.Printf("%s comes first, %s last\n", codes[0].code, codes[len(codes)-1].code)
	runtime.GC()
}
