// Two goroutines panic: the first of them ends the process.
package main

func main() {
	go func() { panic("a") }()
	go func() { panic("b") }()
	select {}
}
