// One timer for each turn of a loop, all of them set to an hour.
package main

import "time"

var waiting []<-chan time.Time

func turn() {
	select {
	case <-time.After(time.Hour):
	default:
	}
}

func main() {
	for i := 0; i < 3000; i++ {
		turn()
		waiting = append(waiting, time.After(time.Hour))
	}
}
