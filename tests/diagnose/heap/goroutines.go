// Goroutines that wait for good: what the heap profile says of them.
package main

var never = make(chan int)

func main() {
	for i := 0; i < 1000; i++ {
		go func() {
			<-never
		}()
	}
}
