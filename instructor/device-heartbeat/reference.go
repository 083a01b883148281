// A server sends heartbeats to devices while they are connected.
package main

import (
	"fmt"
	"time"
)

const devices = 2
const interval = 10 * time.Millisecond

// Device is a device that hears two beats and then goes away.
type Device struct {
	number int
	beats  chan int
}

func (d *Device) stay() int {
	heard := 0
	for heard < 2 {
		<-d.beats
		heard++
	}
	return heard
}

// EDIT
// watch sends a beat at every tick, until it is done.
func watch(device *Device, ticker *time.Ticker, done chan struct{}) {
	for {
		select {
		case <-ticker.C:
			select {
			case device.beats <- 1:
			case <-done:
				return
			}
		case <-done:
			return
		}
	}
}

// serve watches a device until it goes away; it returns how many beats it heard.
func serve(device *Device) int {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	done := make(chan struct{})
	go watch(device, ticker, done)
	heard := device.stay()
	close(done)
	return heard
}

// END EDIT

func main() {
	for number := 0; number < devices; number++ {
		device := &Device{number, make(chan int)}
		heard := serve(device)
		fmt.Printf("device %d: %d beats\n", number, heard)
	}
	time.Sleep(time.Second)
}
