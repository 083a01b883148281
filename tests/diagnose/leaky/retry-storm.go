// Whoever fails tries again a minute later, in a goroutine of its own, and so does the next call.
package main

import "time"

func deliver(message string) {
	for attempt := 1; ; attempt++ {
		time.Sleep(time.Duration(attempt) * time.Minute)
	}
}

func main() {
	for i := 0; i < 6; i++ {
		go deliver("hello")
	}
	time.Sleep(5 * time.Millisecond)
}
