// A reader reads twice, and a writer arrives in between.
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

func (l *library) count() int {
	l.mu.RLock() // Notice: the caller holds a read lock already
	defer l.mu.RUnlock()
	return len(l.books)
}

func (l *library) report() {
	l.mu.RLock()
	defer l.mu.RUnlock()
	time.Sleep(10 * time.Millisecond) // meanwhile the writer asks for the lock
	fmt.Println("books:", l.count())
}

func (l *library) add(book string) {
	time.Sleep(5 * time.Millisecond)
	l.mu.Lock() // waits for the reader, and makes every new reader wait behind it
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
