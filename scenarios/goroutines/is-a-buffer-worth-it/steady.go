// One parcel every two units, and a reader that needs one unit. Does a buffer help?
package main

import (
	"fmt"
	"time"
)

const unit = 20 * time.Millisecond

func units(d time.Duration) int { return int((d + unit/2) / unit) } // rounded: a real sleep is a little late

func reader(parcels <-chan int, done chan<- bool) {
	for range parcels {
		time.Sleep(1 * unit) // unpacking
	}
	done <- true
}

func measure(size int) {
	parcels, done := make(chan int, size), make(chan bool)
	go reader(parcels, done)
	start, waited := time.Now(), time.Duration(0)
	for i := 0; i < 4; i++ {
		time.Sleep(2 * unit) // producing one parcel
		before := time.Now()
		parcels <- i // Notice: the reader waits here already, every time
		waited += time.Since(before)
	}
	close(parcels)
	<-done
	fmt.Println("buffer", size, "- sender waited", units(waited), "units, all done after", units(time.Since(start)))
}

func main() {
	for _, size := range []int{0, 1, 4} {
		measure(size)
	}
}
