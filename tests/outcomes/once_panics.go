// The function panics in the first who comes; for the second it counts as done.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var once sync.Once
	var wg sync.WaitGroup
	var fate [2]string
	for i := range 2 {
		wg.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					fate[i] = fmt.Sprint("recovered ", r)
				}
			}()
			once.Do(func() { panic("no luck") })
			fate[i] = "nothing to do"
		})
	}
	wg.Wait()
	fmt.Println(fate[0], "|", fate[1])
}
