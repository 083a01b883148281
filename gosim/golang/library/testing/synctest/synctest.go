// Package synctest is gosim's model of Go's package testing/synctest, on the virtual clock.
//
//gosim:since 1.25
package synctest

import "testing"

// Test runs f in a bubble: its clock stands still until all in it wait.
func Test(t *testing.T, f func(*testing.T)) {
	testing.Synctest(t, f)
}

// Wait waits until all other goroutines of the bubble wait for something.
func Wait()
