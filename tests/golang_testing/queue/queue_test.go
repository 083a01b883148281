package queue

import "testing"

func TestFirst(t *testing.T) {
	t.Log("hello")
	if got := First(func() int { return 1 }, func() int { return 1 }); got != 1 {
		t.Fatalf("got %d", got)
	}
}

func TestBad(t *testing.T) {
	t.Run("sub", func(t *testing.T) { t.Error("no") })
}
