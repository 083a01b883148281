package main

import (
	"context"
	"sync"
	"time"

	"log"
)

type writer struct{ ch chan int }

func (w writer) Write(p []byte) (int, error) {
	<-w.ch
	return len(p), nil
}

func main() {
	block := make(chan int)
	logger := log.New(writer{block}, "", 0)
	go logger.Println("first")
	time.Sleep(time.Millisecond)
	go logger.Println("second")
	var once sync.Once
	go once.Do(func() {
		<-block
	})
	ctx, cancel := context.WithCancel(context.Background())
	context.AfterFunc(ctx, func() { <-block })
	cancel()
	time.AfterFunc(time.Millisecond, func() { select {} })
	time.Sleep(5 * time.Millisecond)
	var rw sync.RWMutex
	rw.RLock()
	rw.Lock()
}
