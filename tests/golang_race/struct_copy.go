package main

import (
	"fmt"
	"sync"
)

type point struct{ x, y int }

func main() {
	p := point{1, 2}
	q := &p
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		q.x = 5
	}()
	r := *q
	wg.Wait()
	fmt.Println(r.y)
}
