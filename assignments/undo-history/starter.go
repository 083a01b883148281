// A drawing program keeps a snapshot for every stroke, so that strokes can be undone.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const strokes = 26
const most = 6 // snapshots that are kept

type Snapshot struct {
	stroke int
	pixels []byte
}

var history = make([]*Snapshot, 0, 64) // the newest is the last

func snapshot(stroke int) *Snapshot {
	return &Snapshot{stroke, make([]byte, 128<<10)}
}

// EDIT
// undo takes the newest snapshot away and returns it.
func undo() *Snapshot {
	last := len(history) - 1
	newest := history[last]
	history = history[:last]
	return newest
}

// forget takes the oldest snapshot away.
func forget() {
	history = history[1:]
}

// END EDIT

func draw(stroke int) {
	if len(history) == most {
		forget()
	}
	history = append(history, snapshot(stroke))
}

func main() {
	for stroke := 1; stroke <= strokes; stroke++ {
		draw(stroke)
		time.Sleep(time.Millisecond)
	}
	undo()
	undo()
	fmt.Println("undone to stroke", history[len(history)-1].stroke-1)
	fmt.Println(len(history), "snapshots are left")
	fmt.Println("the oldest is stroke", history[0].stroke)
	runtime.GC()
}
