// A slice without room behind it has to take a new array when it grows.
package main

import "fmt"

func main() {
	menu := make([]string, 0, 4)
	menu = append(menu, "soup", "rice")
	menu = menu[:2:2] // the third index is the capacity: no room left
	monday := append(menu, "fish")
	tuesday := append(menu, "beans")
	fmt.Println("monday: ", monday, "cap", cap(monday))
	fmt.Println("tuesday:", tuesday, "cap", cap(tuesday))
}
