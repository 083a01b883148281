// Package iter is Go's package iter.
//
//gosim:since 1.23
package iter

import "runtime"

type Seq[V any] func(yield func(V) bool)

type Seq2[K, V any] func(yield func(K, V) bool)

// coro is a place where one goroutine waits until another one changes places with it.
//
//gosim:is native.Coro
type coro struct{ _ int }

// newcoro returns one in which a new goroutine waits that will run f.
//
//gosim:later
func newcoro(f func(*coro)) *coro

// coroswitch changes places with the goroutine that waits in c.
func coroswitch(c *coro)

// pulled is what the two sides of a Pull have in common.
type pulled struct {
	done    bool
	wanted  bool // a call of next waits for a value
	ended   bool // seq has returned
	exited  bool // by Goexit
	problem any  // what seq panicked with
}

func (p *pulled) finish() {
	if r := recover(); r != nil {
		p.problem = r
	} else if !p.ended {
		p.exited = true
	}
	p.done = true
}

// pass goes on with what ended seq.
func (p *pulled) pass() {
	if p.exited {
		runtime.Goexit()
	}
	if p.problem != nil {
		panic(p.problem)
	}
}

func Pull[V any](seq Seq[V]) (next func() (V, bool), stop func()) {
	p := new(pulled)
	var value V
	var ok bool
	c := newcoro(func(c *coro) {
		if p.done {
			return
		}
		defer p.finish()
		seq(func(v V) bool {
			if p.done {
				return false
			}
			if !p.wanted {
				panic("iter.Pull: yield called again before next")
			}
			p.wanted = false
			value, ok = v, true
			coroswitch(c)
			return !p.done
		})
		var zero V
		value, ok = zero, false
		p.ended = true
	})
	next = func() (v V, more bool) {
		if p.done {
			return
		}
		if p.wanted {
			panic("iter.Pull: next called again before yield")
		}
		p.wanted = true
		coroswitch(c)
		p.pass()
		return value, ok
	}
	stop = func() {
		if !p.done {
			p.done = true
			coroswitch(c)
			p.pass()
		}
	}
	return next, stop
}

func Pull2[K, V any](seq Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	p := new(pulled)
	var key K
	var value V
	var ok bool
	c := newcoro(func(c *coro) {
		if p.done {
			return
		}
		defer p.finish()
		seq(func(k K, v V) bool {
			if p.done {
				return false
			}
			if !p.wanted {
				panic("iter.Pull2: yield called again before next")
			}
			p.wanted = false
			key, value, ok = k, v, true
			coroswitch(c)
			return !p.done
		})
		var noKey K
		var zero V
		key, value, ok = noKey, zero, false
		p.ended = true
	})
	next = func() (k K, v V, more bool) {
		if p.done {
			return
		}
		if p.wanted {
			panic("iter.Pull2: next called again before yield")
		}
		p.wanted = true
		coroswitch(c)
		p.pass()
		return key, value, ok
	}
	stop = func() {
		if !p.done {
			p.done = true
			coroswitch(c)
			p.pass()
		}
	}
	return next, stop
}
