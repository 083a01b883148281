// Main returns and takes the goroutine with it, before or after its line.
package main

import (
	"fmt"
	"runtime"
)

func main() {
	go fmt.Println("goroutine")
	runtime.Gosched()
	fmt.Println("main")
}
