// A copy reports its progress on a channel; who wants no reports hands over a nil channel.
package main

import (
	"fmt"
	"time"
)

const blocks = 3

func copyBlock(number int) {
	time.Sleep(time.Millisecond)
}

// EDIT
// copyAll copies all blocks; it reports each of them, and says at the end how many there were.
func copyAll(report chan int, copied chan int) {
	for number := 0; number < blocks; number++ {
		copyBlock(number)
		report <- number
	}
	close(report)
	copied <- blocks
}

// listen counts the reports.
func listen(report chan int, heard chan int) {
	count := 0
	for range report {
		count++
	}
	heard <- count
}

// END EDIT

// loud copies with somebody who listens.
func loud() {
	report, copied, heard := make(chan int), make(chan int, 1), make(chan int, 1)
	go copyAll(report, copied)
	go listen(report, heard)
	n := <-copied
	fmt.Printf("loud: %d blocks, %d reports\n", n, <-heard)
}

// quiet copies without; what was not made is nil.
func quiet() {
	var report chan int
	copied, heard := make(chan int, 1), make(chan int, 1)
	go listen(report, heard)
	go copyAll(report, copied)
	fmt.Printf("quiet: %d blocks\n", <-copied)
}

func main() {
	loud()
	quiet()
	time.Sleep(time.Second)
}
