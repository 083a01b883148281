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
func watch(device *Device, ticker *time.Ticker) {
	for range ticker.C {
		device.beats <- 1
		device.beats <- 1
		return
	}
}

func serve(device *Device) int {
	ticker := time.NewTicker(interval)
	go watch(device, ticker)
	return device.stay()
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
