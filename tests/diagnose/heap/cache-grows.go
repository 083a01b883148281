// A cache that takes in and never lets go.
package main

import "fmt"

var cache = map[string][]byte{}

func remember(key string) {
	cache[key] = make([]byte, 1000)
}

func main() {
	for i := 0; i < 2000; i++ {
		remember(fmt.Sprint("key ", len(cache)))
	}
}
