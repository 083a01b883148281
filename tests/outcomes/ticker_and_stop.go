// A ticker against somebody who says stop when the second tick is due.
package main

import (
	"fmt"
	"time"
)

func main() {
	stop := make(chan struct{})
	time.AfterFunc(6*time.Millisecond, func() { close(stop) })
	ticker := time.NewTicker(3 * time.Millisecond)
	defer ticker.Stop()
	for range 3 {
		select {
		case <-ticker.C:
			fmt.Println("tick")
		case <-stop:
			fmt.Println("stop")
			return
		}
	}
}
