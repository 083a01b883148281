// Who answers, who asks, and who is left over?
package main

import (
	"fmt"
	"time"
)

const askers = 5
const room = 2

// answer sends an answer, sooner or later.
func answer(number int, answers chan int) {
	time.Sleep(time.Duration(number) * time.Millisecond)
	answers <- number
}

func firstAnswer() int {
	answers := make(chan int, room)
	for number := 0; number < askers; number++ {
		go answer(number, answers)
	}
	return <-answers
}

func waitForNews(news chan string) {
	<-news
}

func spread(news chan string) {
	for i := 0; i < askers; i++ {
		go waitForNews(news)
	}
	news <- "it rains"
	news <- "it stops"
}

func main() {
	fmt.Println("first:", firstAnswer())
	spread(make(chan string))
	time.Sleep(time.Second)
}
