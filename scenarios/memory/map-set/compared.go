// A set of strings: does a map to struct{} take less memory than a map to bool?
package main

import (
	"fmt"
	"runtime"
	"strconv"
	"time"
)

var keys = make([]string, 20_000)
var names map[string]struct{}
var flags map[string]bool
var stats runtime.MemStats

func live() int {
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

func main() {
	for i := range keys {
		keys[i] = strconv.Itoa(i)
	}
	for _, size := range []int{1000, 5000, 20_000} {
		names, flags = nil, nil
		empty := live()
		names = map[string]struct{}{}
		for _, key := range keys[:size] {
			names[key] = struct{}{} // Notice: a value of no bytes
		}
		set := live() - empty
		time.Sleep(100 * time.Millisecond)
		flags = map[string]bool{}
		for _, key := range keys[:size] {
			flags[key] = true
		}
		with := live() - empty - set
		percent := 100 * with / set
		fmt.Println(size, "names: bool takes", (percent+2)/5*5, "% of struct{}")
		time.Sleep(100 * time.Millisecond)
	}
}
