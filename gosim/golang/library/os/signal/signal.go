// Package signal is gosim's model of Go's package os/signal: signals come from the program itself
// (syscall.Kill, os.Process.Signal), and from nobody else.
package signal

import (
	"context"
	"os"
	"sync"
	"syscall"
)

const numSig = 65

// A handler is the set of signals that a channel is to get.
type handler struct {
	mask [numSig]bool
}

type stopping struct {
	c chan<- os.Signal
	h *handler
}

var handlers struct {
	sync.Mutex
	m        map[chan<- os.Signal]*handler
	ref      [numSig]int
	stopping []stopping // until every signal that came was handed on
}

var (
	watchSignalLoopOnce sync.Once
	watchSignalLoop     = loop
)

// What the runtime does; the numbers of signals are checked before.
func enableSignal(n int)
func disableSignal(n int)
func ignoreSignal(n int)
func signalIgnored(n int) bool
func settle()
func worksFor() // notes for which call of the program the next goroutine works
func hear(c any)
func forget(c any)
func signal_recv() int

func signum(sig os.Signal) int {
	if n, ok := sig.(syscall.Signal); ok && 0 <= n && n < numSig {
		return int(n)
	}
	return -1
}

// loop is a goroutine of its own, from the first Notify to the end of the process.
func loop() {
	for {
		process(syscall.Signal(signal_recv()))
	}
}

// process hands a signal to all who want it and have room.
func process(sig os.Signal) {
	n := signum(sig)
	handlers.Lock()
	defer handlers.Unlock()
	for c, h := range handlers.m {
		if h.mask[n] {
			select {
			case c <- sig:
			default:
			}
		}
	}
	for _, s := range handlers.stopping {
		if s.h.mask[n] {
			select {
			case s.c <- sig:
			default:
			}
		}
	}
}

// Notify has signals sent to c, all of them if none are named.
//
//gosim:until 1.26
func Notify(c chan<- os.Signal, sig ...os.Signal) {
	if c == nil {
		panic("os/signal: Notify using nil channel")
	}
	handlers.Lock()
	defer handlers.Unlock()
	h := handlerOf(c)
	add := func(n int) {
		if n >= 0 && h.want(n) {
			watchSignalLoopOnce.Do(func() {
				worksFor()
				go watchSignalLoop()
			})
		}
	}
	each(sig, add)
}

// The same: since Go 1.27 there is another closure in front, which stacks show.
//
//gosim:since 1.27
func Notify(c chan<- os.Signal, sig ...os.Signal) {
	if c == nil {
		panic("os/signal: Notify using nil channel")
	}
	handlers.Lock()
	defer handlers.Unlock()
	getHandler := func() *handler {
		return handlerOf(c)
	}
	add := func(n int) {
		if n >= 0 && getHandler().want(n) {
			watchSignalLoopOnce.Do(func() {
				worksFor()
				go watchSignalLoop()
			})
		}
	}
	each(sig, add)
}

func handlerOf(c chan<- os.Signal) *handler {
	if handlers.m == nil {
		handlers.m = map[chan<- os.Signal]*handler{}
	}
	h := handlers.m[c]
	if h == nil {
		h = new(handler)
		handlers.m[c] = h
		hear(c)
	}
	return h
}

// want adds a signal; it reports whether nobody has wanted that one before.
func (h *handler) want(n int) bool {
	if h.mask[n] {
		return false
	}
	h.mask[n] = true
	handlers.ref[n]++
	if handlers.ref[n] > 1 {
		return false
	}
	enableSignal(n)
	return true
}

func each(sigs []os.Signal, f func(n int)) {
	if len(sigs) == 0 {
		for n := 0; n < numSig; n++ {
			f(n)
		}
	}
	for _, s := range sigs {
		f(signum(s))
	}
}

// Stop has no more signals sent to c.
func Stop(c chan<- os.Signal) {
	handlers.Lock()
	h := handlers.m[c]
	if h == nil {
		handlers.Unlock()
		return
	}
	delete(handlers.m, c)
	forget(c)
	for n := 0; n < numSig; n++ {
		if h.mask[n] {
			handlers.ref[n]--
			if handlers.ref[n] == 0 {
				disableSignal(n)
			}
		}
	}
	handlers.stopping = append(handlers.stopping, stopping{c, h})
	handlers.Unlock()
	settle() // what has come already is handed on first
	handlers.Lock()
	for i, s := range handlers.stopping {
		if s.c == c {
			last := len(handlers.stopping) - 1
			copy(handlers.stopping[i:], handlers.stopping[i+1:])
			handlers.stopping[last] = stopping{} // it keeps nothing alive
			handlers.stopping = handlers.stopping[:last]
			break
		}
	}
	handlers.Unlock()
}

// cancel undoes what Notify did for signals, of all channels.
func cancel(sigs []os.Signal, action func(n int)) {
	handlers.Lock()
	defer handlers.Unlock()
	each(sigs, func(n int) {
		if n < 0 {
			return
		}
		for c, h := range handlers.m {
			if h.mask[n] {
				h.mask[n] = false
				handlers.ref[n]--
				if h.mask == [numSig]bool{} {
					delete(handlers.m, c)
					forget(c)
				}
			}
		}
		action(n)
	})
}

func Ignore(sig ...os.Signal) { cancel(sig, ignoreSignal) }

func Reset(sig ...os.Signal) { cancel(sig, disableSignal) }

func Ignored(sig os.Signal) bool {
	n := signum(sig)
	return n >= 0 && signalIgnored(n)
}

// NotifyContext returns a context that ends with one of the signals.
//
//gosim:until 1.25
func NotifyContext(parent context.Context, signals ...os.Signal) (ctx context.Context, stop context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	c := &signalCtx{Context: ctx, cancel: plain(cancel), signals: signals}
	c.ch = make(chan os.Signal, 1)
	Notify(c.ch, c.signals...)
	hear(ctx.Done())
	if ctx.Err() == nil {
		worksFor()
		go func() {
			select {
			case <-c.ch:
				c.cancel(nil)
			case <-c.Done():
			}
		}()
	}
	return c, c.stop
}

// Since Go 1.26 the signal is the cause of its end.
//
//gosim:since 1.26
func NotifyContext(parent context.Context, signals ...os.Signal) (ctx context.Context, stop context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	c := &signalCtx{Context: ctx, cancel: cancel, signals: signals}
	c.ch = make(chan os.Signal, 1)
	Notify(c.ch, c.signals...)
	hear(ctx.Done())
	if ctx.Err() == nil {
		worksFor()
		go func() {
			select {
			case s := <-c.ch:
				c.cancel(signalError(s.String() + " signal received"))
			case <-c.Done():
			}
		}()
	}
	return c, c.stop
}

//gosim:until 1.25
func plain(cancel context.CancelFunc) context.CancelCauseFunc {
	return func(error) { cancel() }
}

type signalCtx struct {
	context.Context

	cancel  context.CancelCauseFunc
	signals []os.Signal
	ch      chan os.Signal
}

func (c *signalCtx) stop() {
	c.cancel(nil)
	forget(c.Done())
	Stop(c.ch)
}

func (c *signalCtx) String() string {
	name := c.Context.(interface{ String() string }).String()
	text := "signal.NotifyContext(" + name[:len(name)-len(".WithCancel")]
	for i, s := range c.signals {
		if i == 0 {
			text += ", ["
		} else {
			text += " "
		}
		text += s.String()
	}
	if len(c.signals) > 0 {
		text += "]"
	}
	return text + ")"
}

type signalError string

func (s signalError) Error() string { return string(s) }

func (s signalError) Is(target error) bool { return target == context.Canceled }
