// Package signal is gosim's model of Go's package os/signal: no signal ever comes.
package signal

import (
	"context"
	"os"
)

// Notify would have signals sent to c. The channels it was given are remembered, as in Go.
func Notify(c chan<- os.Signal, sig ...os.Signal) {
	if c == nil {
		panic("os/signal: Notify using nil channel")
	}
	handlers[c] = true
}

var handlers = map[chan<- os.Signal]bool{}

func Stop(c chan<- os.Signal) {
	delete(handlers, c)
}

func Ignore(sig ...os.Signal) {
	ignored = append(ignored, sig...)
}

var ignored []os.Signal

func Ignored(sig os.Signal) bool {
	for _, s := range ignored {
		if s == sig {
			return true
		}
	}
	return false
}

func Reset(sig ...os.Signal) {
	if len(sig) == 0 {
		clear(handlers)
	}
}

// NotifyContext returns a context that would end with one of the signals.
func NotifyContext(parent context.Context, signals ...os.Signal) (ctx context.Context, stop context.CancelFunc) {
	return context.WithCancel(parent)
}
