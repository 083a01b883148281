// The article's function in our words: how often does a number occur? Count yourself first.
package main

import "fmt"

var numbers [1_000_000]int

func count(values [1_000_000]int, wanted int) int {
	found := 0
	for i := 0; i < len(values) && values[i] == wanted; i++ { // Notice: when does this loop end?
		found++
	}
	return found
}

func main() {
	numbers[0], numbers[1], numbers[2], numbers[3] = 3, 3, 9, 3
	found := 0
	for i := 0; i < 100; i++ {
		found = count(numbers, 3)
	}
	fmt.Println("the number 3 occurs", found, "times")
}
