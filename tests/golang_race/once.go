package main

import (
	"fmt"
	"sync"
)

func main() {
	var once sync.Once
	var config map[string]string
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			once.Do(func() { config = map[string]string{"a": "b"} })
			_ = config["a"]
		}()
	}
	wg.Wait()
	fmt.Println(config["a"])
}
