// Two goroutines end the process, each with its own code.
package main

import (
	"fmt"
	"os"
)

func main() {
	for code := 3; code <= 4; code++ {
		go func() {
			fmt.Println("exit", code)
			os.Exit(code)
		}()
	}
	select {}
}
