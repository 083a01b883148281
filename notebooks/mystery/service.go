// A news service: publishers hand in stories, subscribers read them, a desk keeps the list of both.
package main

import (
	"fmt"
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

type desk struct {
	mu          sync.Mutex
	subscribers []chan string
	published   int
}

func (d *desk) subscribe() <-chan string {
	d.mu.Lock()
	defer d.mu.Unlock()
	stories := make(chan string)
	d.subscribers = append(d.subscribers, stories)
	return stories
}

func (d *desk) publish(story string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, stories := range d.subscribers {
		stories <- story
	}
	d.published++
}

func (d *desk) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.published
}

func reader(stories <-chan string, most int) {
	for range most { // this reader has had enough after so many
		<-stories
	}
}

func worker(jobs <-chan string, d *desk) {
	for story := range jobs {
		d.publish(story)
	}
}

func monitor(d *desk, every <-chan time.Time, stop <-chan struct{}) {
	for {
		select {
		case <-every:
			go d.count() // a metric, for somebody's page
		case <-stop:
			return
		}
	}
}

func main() {
	d := &desk{}
	jobs := make(chan string)
	for range 2 {
		go worker(jobs, d)
	}
	go reader(d.subscribe(), 1000)
	go reader(d.subscribe(), 3)
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	go monitor(d, ticker.C, make(chan struct{}))
	for i := range 4 {
		jobs <- fmt.Sprint("story ", i)
	}
	time.Sleep(105 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2) // what /debug/pprof/goroutine?debug=2 shows
	fmt.Println("--- 200 ms later ---")
	time.Sleep(200 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}
