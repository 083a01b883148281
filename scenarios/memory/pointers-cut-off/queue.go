// A queue that only moves its head forward: the jobs behind it are done, and still there.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 40

type job struct{ data [1 << 20]byte }

func newJob() *job {
	j := new(job)
	for i := 0; i < len(j.data); i += 4096 {
		j.data[i] = 1 // top counts a page when it is first written to
	}
	return j
}

var jobs []*job

func liveMiB() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return (m.HeapAlloc + 1<<19) >> 20
}

func main() {
	for i := 0; i < n; i++ {
		jobs = append(jobs, newJob())
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println(len(jobs), "jobs:", liveMiB(), "MiB live")
	for len(jobs) > 10 {
		jobs = jobs[1:] // Notice: who points at the one that went?
	}
	time.Sleep(100 * time.Millisecond)
	fmt.Println(len(jobs), "jobs:", liveMiB(), "MiB live")
	time.Sleep(100 * time.Millisecond)
}
