// How far a recursion has come each time its stack is copied; and what a stack says that overflows.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"unsafe"
)

var marks = make([]uintptr, 0, 100)

//go:noinline
func down(top *byte, last uintptr, n int) int {
	now := uintptr(unsafe.Pointer(top))
	var b byte
	used := now - uintptr(unsafe.Pointer(&b))
	if now != last { // the stack has moved, and top with it
		marks = append(marks, used)
	}
	if used > 10<<20 {
		return 0
	}
	return down(top, now, n+1) + 1
}

//go:noinline
func kilobyte(n int) int {
	var a [1024]byte
	a[n%1024] = 1
	if n <= 1 {
		return int(a[0])
	}
	return kilobyte(n-1) + int(a[n%1024])
}

func main() {
	if os.Args[1] == "overflow" {
		debug.SetMaxStack(1 << 20)
		kilobyte(5000)
		return
	}
	done := make(chan bool)
	go func() {
		var b byte
		down(&b, uintptr(unsafe.Pointer(&b)), 0)
		done <- true
	}()
	<-done
	for _, mark := range marks {
		fmt.Println(mark)
	}
}
