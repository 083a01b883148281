// What is resident of large slices before, while and after they are written, in KiB.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
)

var keep [][]byte

func rss() (kib int) {
	file, _ := os.Open("/proc/self/status")
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "VmRSS:") {
			fmt.Sscanf(lines.Text(), "VmRSS: %d", &kib)
		}
	}
	return kib
}

func fill() {
	for i := 0; i < 100; i++ {
		keep = append(keep, make([]byte, 1<<20))
	}
}

func main() {
	start := rss()
	fill()
	fmt.Println(rss() - start)
	for _, s := range keep[:50] {
		for i := 0; i < 1<<20; i += 4096 {
			s[i] = 1
		}
	}
	fmt.Println(rss() - start)
	keep = nil
	runtime.GC()
	fmt.Println(rss() - start)
	fill()
	fmt.Println(rss() - start)
}
