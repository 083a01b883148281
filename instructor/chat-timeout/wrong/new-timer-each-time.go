// A chat room closes when nobody has said anything for an hour.
package main

import (
	"fmt"
	"time"
)

const messages = 300
const silence = 1 // 0: main returns with the last message

// talk says something every second, then nothing any more.
func talk(room chan int) {
	for number := 0; number < messages; number++ {
		room <- number
		time.Sleep(time.Second)
	}
}

// EDIT
func host(room chan int, last int) int {
	count := 0
	for count < last {
		quiet := time.NewTimer(time.Hour)
		select {
		case <-room:
			count++
		case <-quiet.C:
			return count
		}
	}
	return count
}

// END EDIT

func since(start time.Time) time.Duration {
	return time.Since(start) - (messages-1)*time.Second
}

func main() {
	room := make(chan int)
	start := time.Now()
	go talk(room)
	last := messages
	if silence > 0 {
		last++
	}
	count := host(room, last)
	fmt.Println(count, "messages")
	if silence > 0 {
		fmt.Println("closed after", since(start), "of silence")
	}
}
