// A list to which every request adds something.
package main

type event struct{ text [64]byte }

var log []event

func note(e event) {
	log = append(log, e)
}

func main() {
	for i := 0; i < 5000; i++ {
		note(event{})
	}
}
