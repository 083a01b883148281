package main

import (
	"fmt"
	"sync"
)

var once sync.Once

func stuck(wg *sync.WaitGroup) {
	wg.Wait()
}

func main() {
	var wg sync.WaitGroup
	wg.Add(1)
	var mu sync.Mutex
	mu.Lock()
	ch := make(chan int)
	go stuck(&wg)
	go func() { mu.Lock() }()
	go func() { once.Do(func() { <-ch }) }()
	go func() { once.Do(func() { fmt.Println("never") }) }()
	cond := sync.NewCond(&sync.Mutex{})
	cond.L.Lock()
	cond.Wait()
	fmt.Println(&mu)
}
