// Two goroutines print two lines each, which may interleave.
package main

import "fmt"

func main() {
	done := make(chan bool)
	for _, name := range []string{"a", "b"} {
		go func() {
			fmt.Println(name, 1)
			fmt.Println(name, 2)
			done <- true
		}()
	}
	<-done
	<-done
}
