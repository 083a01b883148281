// The second Add may come too late: two are done by then.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	wg.Add(1)
	for range 2 {
		go wg.Done()
	}
	runtime.Gosched()
	wg.Add(1)
	wg.Wait()
	fmt.Println("waited")
}
