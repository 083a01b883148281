// Who of two does what is done once?
package main

import (
	"fmt"
	"sync"
)

func main() {
	var once sync.Once
	var wg sync.WaitGroup
	for _, name := range []string{"a", "b"} {
		wg.Go(func() {
			once.Do(func() { fmt.Println("made by", name) })
		})
	}
	wg.Wait()
}
