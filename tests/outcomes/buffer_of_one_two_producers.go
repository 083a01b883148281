// Values of two producers through a buffer of one.
package main

import "fmt"

func main() {
	ch := make(chan string, 1)
	for _, name := range []string{"a", "b"} {
		go func() {
			ch <- name + "1"
			ch <- name + "2"
		}()
	}
	fmt.Println(<-ch, <-ch, <-ch, <-ch)
}
