package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	var n atomic.Int64
	var flag int32
	data := 0
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		data = 7
		atomic.StoreInt32(&flag, 1)
		n.Add(1)
	}()
	go func() {
		defer wg.Done()
		n.Add(1)
		if atomic.LoadInt32(&flag) == 1 {
			_ = data
		}
	}()
	wg.Wait()
	fmt.Println(n.Load(), data)
}
