// Four parcels at once, then a pause. The reader is fast enough. Does a buffer help?
package main

import (
	"fmt"
	"time"
)

const unit = 20 * time.Millisecond

var start = time.Now()

func now() int { return int(time.Since(start).Round(unit) / unit) } // in whole units

func work(units int) { // ends on a whole unit, so that late sleeps do not add up
	time.Sleep(time.Until(start.Add(time.Duration(now()+units) * unit)))
}

func reader(parcels <-chan int, done chan<- bool) {
	for range parcels {
		work(1) // unpacking
	}
	done <- true
}

func measure(size int) {
	parcels, done := make(chan int, size), make(chan bool)
	go reader(parcels, done)
	begin, waited := now(), 0
	for i := 0; i < 8; i++ {
		if i%4 == 0 {
			work(5) // producing the next four parcels
		}
		before := now()
		parcels <- i // Notice: while it waits here, the sender produces nothing
		waited += now() - before
	}
	close(parcels)
	<-done
	fmt.Println("buffer", size, "- sender waited", waited, "units, all done after", now()-begin)
}

func main() {
	for _, size := range []int{0, 1, 2, 3} {
		measure(size)
	}
}
