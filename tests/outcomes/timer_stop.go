// A timer is stopped about when it fires.
package main

import (
	"fmt"
	"time"
)

func main() {
	fired := make(chan bool, 1)
	timer := time.AfterFunc(2*time.Millisecond, func() { fired <- true })
	time.Sleep(2 * time.Millisecond)
	if timer.Stop() {
		fmt.Println("stopped")
	} else {
		fmt.Println("fired", <-fired)
	}
}
