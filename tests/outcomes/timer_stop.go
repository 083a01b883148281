// A timer is stopped a moment before it is due, or after it has fired.
package main

import (
	"fmt"
	"time"
)

func main() {
	fired := make(chan bool, 1)
	timer := time.AfterFunc(2*time.Millisecond+300*time.Microsecond, func() { fired <- true })
	time.Sleep(2 * time.Millisecond)
	if timer.Stop() {
		fmt.Println("stopped")
	} else {
		fmt.Println("fired", <-fired)
	}
}
