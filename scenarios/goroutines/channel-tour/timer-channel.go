// The exception: the channel of a timer. Run it with --go 1.22 and with --go 1.27.
package main

import (
	"fmt"
	"time"
)

func main() {
	timer := time.NewTimer(10 * time.Millisecond)
	fmt.Println("before it fires: len", len(timer.C), "cap", cap(timer.C))
	time.Sleep(30 * time.Millisecond)
	fmt.Println("after it fired:  len", len(timer.C), "cap", cap(timer.C))
	select {
	case <-timer.C: // Notice: a value is there, whatever len says
		fmt.Println("received the time")
	default:
		fmt.Println("nothing there")
	}
}
