// A camera takes bursts of frames; a viewer shows them, and may pause.
package main

import (
	"fmt"
	"slices"
	"time"
)

const bursts = 4
const burst = 3   // frames, one right after the other
const pause = 150 // ms for which the viewer looks away, after the third frame

// develop is what the camera does between two bursts.
func develop(number int) {
	time.Sleep(30 * time.Millisecond)
}

func show(frame int) {
	time.Sleep(10 * time.Millisecond)
}

// EDIT
// room says how many frames may wait between camera and viewer.
func room() int {
	return burst - 1
}

// film takes all frames.
func film(frames chan int) {
	number := 0
	for i := 0; i < bursts; i++ {
		for j := 0; j < burst; j++ {
			select {
			case frames <- number:
			default:
			}
			number++
		}
		develop(number)
	}
	close(frames)
}

// END EDIT

// view shows frames and returns their numbers.
func view(frames chan int) []int {
	var seen []int
	for frame := range frames {
		show(frame)
		seen = append(seen, frame)
		if len(seen) == 3 && pause > 0 {
			time.Sleep(pause * time.Millisecond)
		}
	}
	return seen
}

func main() {
	frames := make(chan int, room())
	go film(frames)
	seen := view(frames)
	order := "mixed up"
	if slices.IsSorted(seen) {
		order = "in order"
	}
	fmt.Printf("%d frames, the last is %d, %s\n", len(seen), seen[len(seen)-1], order)
}
