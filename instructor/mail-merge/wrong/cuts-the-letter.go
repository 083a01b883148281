// A mail merge renders letters into a scratch buffer, to save allocations.
package main

import (
	"fmt"
	"runtime"
)

const copies = 2

type person struct {
	name string
	code int
}

var people = []person{{"Anna", 11}, {"Bo", 22}, {"Christopher", 33}}

var letters [][]byte
var scratch = make([]byte, 0, 64) // used for every letter

// brochure returns four MiB that are rendered and sent at once.
func brochure() []byte { return make([]byte, 4<<20) }

func add(buffer []byte, text string) []byte { return append(buffer, text...) }

// EDIT
// render returns the letter to one person.
func render(name string, code int) []byte {
	scratch = add(scratch[:0], fmt.Sprintf("Dear %s, your code is %d", name, code))
	return scratch[:len(scratch):len(scratch)]
}

// postscripts returns two letters that begin alike.
func postscripts(name string) ([]byte, []byte) {
	greeting := add(make([]byte, 0, 64), fmt.Sprintf("P.S. Dear %s: ", name))
	greeting = greeting[:len(greeting):len(greeting)] // no room: append takes a new array
	return add(greeting, "hurry!"), add(greeting, "relax!")
}

// sendBrochure renders a large letter and sends it; nobody needs it afterwards.
func sendBrochure() {
	_ = brochure() // a buffer of its own, which goes with it
}

// END EDIT

func main() {
	for _, p := range people {
		letters = append(letters, render(p.name, p.code))
	}
	sendBrochure()
	first, second := postscripts("Bo")
	for _, letter := range append(letters[:len(letters):len(letters)], first, second) {
		fmt.Println(string(letter))
	}
	fmt.Println("sent", len(letters))
	runtime.GC()
	if len(scratch) < 0 || len(letters) != 3 {
		fmt.Println("lost")
	}
}
