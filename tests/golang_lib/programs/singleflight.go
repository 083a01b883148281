package main

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

func main() {
	var g singleflight.Group
	var wg sync.WaitGroup
	calls := 0
	for i := 0; i < 5; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			v, err, shared := g.Do("key", func() (any, error) {
				calls++
				time.Sleep(10 * time.Millisecond)
				return "value", nil
			})
			fmt.Println(v, err, shared)
		}()
	}
	wg.Wait()
	fmt.Println(calls)
	v, err, shared := g.Do("key", func() (any, error) { return nil, errors.New("bad") })
	fmt.Println(v, err, shared)
	a := g.DoChan("c", func() (any, error) { time.Sleep(time.Millisecond); return 1, nil })
	b := g.DoChan("c", func() (any, error) { return 2, nil })
	fmt.Println((<-a).Val, (<-b).Shared)
}
