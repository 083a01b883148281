// Whose value is stored?
package main

import (
	"fmt"
	"sync"
)

func main() {
	var m sync.Map
	var wg sync.WaitGroup
	for _, name := range []string{"a", "b"} {
		wg.Go(func() {
			v, loaded := m.LoadOrStore("key", name)
			if loaded {
				fmt.Println(name, "found", v)
			}
		})
	}
	wg.Wait()
}
