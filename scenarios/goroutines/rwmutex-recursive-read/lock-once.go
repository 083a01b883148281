// The lock is taken once, at the door. The helper behind it takes no lock.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

type library struct {
	mu    sync.RWMutex
	books []string
}

// countLocked is called by functions that hold the lock.
func (l *library) countLocked() int {
	return len(l.books)
}

func (l *library) report() {
	l.mu.RLock()
	defer l.mu.RUnlock()
	time.Sleep(10 * time.Millisecond)
	fmt.Println("books:", l.countLocked())
}

func (l *library) add(book string) {
	time.Sleep(5 * time.Millisecond)
	l.mu.Lock() // waits for one reader, which needs nothing more
	defer l.mu.Unlock()
	l.books = append(l.books, book)
	fmt.Println("added:", book)
}

func main() {
	l := &library{books: []string{"Alice"}}
	go l.report()
	go l.add("Emma")
	time.Sleep(40 * time.Millisecond)
	fmt.Println("goroutines left over:", runtime.NumGoroutine()-1)
}
