package queue_test

import (
	"fmt"
	"testing"

	"example.com/queue"
)

func TestOutside(t *testing.T) {
	queue.First(func() int { return 2 })
}

func ExampleFirst() {
	fmt.Println(queue.First(func() int { return 3 }))
	// Output: 3
}
