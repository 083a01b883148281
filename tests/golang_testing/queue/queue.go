// Package queue asks several and takes the first answer.
package queue

// First returns the answer that comes first; the others are left waiting.
func First(fs ...func() int) int {
	ch := make(chan int)
	for _, f := range fs {
		go func() { ch <- f() }()
	}
	return <-ch
}
