// A queue built on a condition variable, whose readers wait for the next item.
package main

import "sync"

type queue struct {
	mu    sync.Mutex
	more  *sync.Cond
	items []func()
}

func (q *queue) reader() {
	for {
		q.mu.Lock()
		for len(q.items) == 0 {
			q.more.Wait()
		}
		item := q.items[0]
		q.items = q.items[1:]
		q.mu.Unlock()
		item()
	}
}

var (
	once sync.Once
	q    = &queue{}
)

func main() {
	once.Do(func() {
		q.more = sync.NewCond(&q.mu)
		for i := 0; i < 3; i++ {
			go q.reader()
		}
	})
	var wg sync.WaitGroup
	for i := 0; i < 20; i++ {
		wg.Add(1)
		q.mu.Lock()
		q.items = append(q.items, wg.Done)
		q.mu.Unlock()
		q.more.Signal()
	}
	wg.Wait()
}
