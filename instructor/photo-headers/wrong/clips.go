// A photo service keeps the first sixteen bytes of every photo in a catalogue.
package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

const photos = 20
const size = 256 << 10

type Record struct {
	number int
	head   []byte
}

var catalogue []*Record // a package variable: it lives as long as the service

// load returns the bytes of a photo; width and height stand at its beginning.
func load(number int) []byte {
	data := make([]byte, size)
	data[0] = byte(100 + number%8)
	data[1] = byte(50 + number%8)
	return data
}

// EDIT
// header returns the part of a photo that the catalogue needs.
func header(photo []byte) []byte {
	return slices.Clip(photo[:16])
}

// END EDIT

func add(number int) {
	photo := load(number)
	catalogue = append(catalogue, &Record{number, header(photo)})
	// the photo is written to disk here, and nobody needs it in memory any more
}

func width(r *Record) int  { return int(r.head[0]) }
func height(r *Record) int { return int(r.head[1]) }

func main() {
	for number := 0; number < photos; number++ {
		add(number)
		time.Sleep(time.Millisecond)
	}
	wide := 0
	for number, r := range catalogue {
		if number < 20 && width(r) == 104 {
			wide++
		}
	}
	fmt.Println(len(catalogue), "photos")
	fmt.Println("photo 7 is", width(catalogue[7]), "wide and", height(catalogue[7]), "high")
	fmt.Println(wide, "photos are 104 wide")
	runtime.GC()
}
