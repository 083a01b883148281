// Every session has a heartbeat, and no way to end it.
package main

import "time"

func heartbeat(session int) {
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for range ticker.C {
		_ = session
	}
}

func main() {
	for i := 0; i < 4; i++ {
		go heartbeat(i)
	}
	time.Sleep(5 * time.Millisecond)
}
