// One parcel every two units, and a reader that needs one unit. Does a buffer help?
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
	for i := 0; i < 4; i++ {
		work(2) // producing one parcel
		before := now()
		parcels <- i // Notice: the reader waits here already, every time
		waited += now() - before
	}
	close(parcels)
	<-done
	fmt.Println("buffer", size, "- sender waited", waited, "units, all done after", now()-begin)
}

func main() {
	for _, size := range []int{0, 1, 4} {
		measure(size)
	}
}
