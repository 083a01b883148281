// One parcel every unit, and a reader that needs two. Does a buffer help?
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
		work(2) // unpacking
	}
	done <- true
}

func measure(size int) {
	parcels, done := make(chan int, size), make(chan bool)
	go reader(parcels, done)
	begin, waited := now(), 0
	for i := 0; i < 5; i++ {
		work(1) // producing one parcel
		before := now()
		parcels <- i // Notice: the reader is busy, and a buffer fills up
		waited += now() - before
	}
	close(parcels)
	<-done
	fmt.Println("buffer", size, "- sender waited", waited, "units, all done after", now()-begin)
}

func main() {
	for _, size := range []int{0, 2, 8} {
		measure(size)
	}
}
