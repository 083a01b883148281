// What many services have running: signals, a flusher with a ticker, a cron with a timer, a sleeper.
package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

var once sync.Once

func flusher(ctx context.Context) {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func cron(ctx context.Context) {
	for {
		timer := time.NewTimer(time.Hour)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

func poller() {
	for {
		time.Sleep(10 * time.Millisecond)
	}
}

func stop(signals <-chan os.Signal, cancel func()) {
	<-signals
	cancel()
}

func main() {
	once.Do(func() {
		ctx, cancel := context.WithCancel(context.Background())
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGTERM, os.Interrupt)
		go stop(signals, cancel)
		go flusher(ctx)
		go cron(ctx)
		go poller()
	})
	time.Sleep(5 * time.Millisecond)
}
