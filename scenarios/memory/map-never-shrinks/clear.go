// clear empties the map at once, and keeps its table as well.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const peak = 40_000

var sessions = map[int][128]byte{}

func liveMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return (m.HeapAlloc + 1<<19) >> 20
}

func main() {
	for i := 0; i < peak; i++ {
		sessions[i] = [128]byte{}
		if i%1000 == 0 {
			time.Sleep(10 * time.Millisecond)
		}
	}
	fmt.Println("at the peak:", len(sessions), "entries,", liveMiB(), "MiB live")
	clear(sessions)
	fmt.Println("afterwards: ", len(sessions), "entries,", liveMiB(), "MiB live")
	time.Sleep(200 * time.Millisecond)
	sessions[1] = [128]byte{}
	fmt.Println("at the end: ", len(sessions), "entries,", liveMiB(), "MiB live")
}
