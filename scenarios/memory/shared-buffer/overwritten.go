// Two lists grow from the same one. Read what is on the table on Monday.
package main

import "fmt"

func main() {
	menu := make([]string, 0, 4)
	menu = append(menu, "soup", "rice")
	monday := append(menu, "fish")
	tuesday := append(menu, "beans") // Notice: into which array?
	fmt.Println("monday: ", monday, "cap", cap(monday))
	fmt.Println("tuesday:", tuesday, "cap", cap(tuesday))
}
