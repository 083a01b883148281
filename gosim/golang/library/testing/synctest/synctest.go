// Package synctest is gosim's model of Go's package testing/synctest, on the virtual clock.
//
//gosim:since 1.25
package synctest

import (
	"internal/synctest"
	"testing"
	"time"
)

// Test runs f in a bubble, in which time goes on only when all goroutines wait.
func Test(t *testing.T, f func(*testing.T)) {
	if !synctest.Test(t, f) {
		// The test in the bubble has failed, and t with it.
		t.FailNow()
	}
}

// Wait waits until all other goroutines of the bubble wait for something.
func Wait() {
	synctest.Wait()
}

// Sleep sleeps, and waits then.
//
//gosim:since 1.27
func Sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
