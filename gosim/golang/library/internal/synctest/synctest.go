// Package synctest runs bubbles for package testing/synctest.
package synctest

// Run calls f in a goroutine of its own and returns when that and all it started have ended.
func Run(f func()) {
	if reason := run(f); reason != "" {
		panic(deadlockError(reason))
	}
}

// deadlockError is the panic of a bubble that cannot go on.
type deadlockError string

func (e deadlockError) Error() string {
	return string(e)
}

func run(f func()) string

// Wait returns when all other goroutines of the bubble wait for something.
func Wait()

// Test is what package testing does for testing/synctest.Test.
var Test func(t, f any) bool
