package testing

import (
	"context"
	"internal/synctest"
	"runtime"
	"time"
)

func init() {
	synctest.Test = func(t, f any) bool {
		return testingSynctestTest(t.(*T), f.(func(*T)))
	}
}

// testingSynctestTest runs f in a bubble with a T of its own, which says what t would.
func testingSynctestTest(t *T, f func(*T)) (ok bool) {
	if t.cleaning {
		panic("testing: synctest.Run called during t.Cleanup")
	}
	ctx, cancel := context.WithCancel(context.Background())
	inner := &T{
		common: common{
			barrier:   make(chan bool),
			signal:    make(chan bool, 1),
			name:      t.name,
			parent:    &t.common,
			level:     t.level + 1,
			creator:   callers(1),
			chatty:    t.chatty,
			ctx:       ctx,
			cancelCtx: cancel,
			synctest:  true,
		},
		state: t.state,
	}
	start := time.Now()
	func() {
		// The time of the bubble is not that of the test.
		defer func() { t.start = t.start.Add(time.Since(start)) }()
		synctest.Run(func() {
			tRunner(inner, f)
		})
	}()
	if !<-inner.signal {
		runtime.Goexit()
	}
	return !inner.failed
}
