package main

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"runtime/pprof"
	"sort"
	"strings"
	"sync"
	"time"
)

// Addresses, offsets and places of the standard library are not the same everywhere.
func stable(text string) string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "#\t0x") {
			cells := strings.FieldsFunc(line, func(r rune) bool { return r == '\t' })
			name, _, _ := strings.Cut(cells[2], "+")
			place := cells[3]
			place = place[strings.LastIndex(place, "/")+1:]
			if !strings.HasPrefix(name, "main.") {
				place, _, _ = strings.Cut(place, ":")
			}
			line = "# " + name + " " + place
		} else if i := strings.Index(line, " @ 0x"); i >= 0 {
			line = line[:i] + fmt.Sprint(" ", strings.Count(line, "0x") > 1)
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

var (
	label string
	found bool
)

func wait(wg *sync.WaitGroup) { wg.Wait() }

func main() {
	block := make(chan int)
	for i := 0; i < 3; i++ {
		go func() {
			<-block
		}()
	}
	var mu sync.Mutex
	mu.Lock()
	go func() {
		mu.Lock()
	}()
	var wg sync.WaitGroup
	wg.Add(1)
	go wait(&wg)
	cond := sync.NewCond(&sync.Mutex{})
	go func() {
		cond.L.Lock()
		cond.Wait()
	}()
	go func() {
		select {
		case block <- 1:
		case <-make(chan int):
		}
	}()
	go func() {
		pprof.Do(context.Background(), pprof.Labels("k", "v", "a", "b"), func(ctx context.Context) {
			label, found = pprof.Label(ctx, "k")
			go func() {
				go func() { select {} }()
				select {}
			}()
			time.Sleep(time.Hour)
		})
	}()
	for i := 0; i < 10; i++ {
		runtime.Gosched()
	}
	fmt.Println(label, found)
	p := pprof.Lookup("goroutine")
	fmt.Println(p.Name(), p.Count(), runtime.NumGoroutine())
	var buf bytes.Buffer
	p.WriteTo(&buf, 1)
	records := strings.Split(stable(buf.String()), "\n\n")
	sort.Strings(records) // those of one count are sorted by address
	for _, record := range records {
		if !strings.Contains(record, "runtime/pprof.") {
			fmt.Println(record)
			fmt.Println()
		}
	}
	fmt.Println(pprof.Lookup("nothing") == nil)
	own := pprof.NewProfile("main.own")
	own.Add("x", 0)
	fmt.Println(own.Count(), pprof.Lookup("main.own") == own)
	buf.Reset()
	own.WriteTo(&buf, 1)
	head, _, _ := strings.Cut(stable(buf.String()), "\n# runtime")
	fmt.Println(head)
	own.Remove("x")
	fmt.Println(own.Count())
	var names []string
	for _, p := range pprof.Profiles() {
		names = append(names, p.Name())
	}
	fmt.Println(names)

	buf.Reset()
	pprof.Lookup("goroutineleak").WriteTo(&buf, 2)
	for _, line := range strings.Split(buf.String(), "\n") {
		if strings.HasPrefix(line, "goroutine ") {
			fmt.Println(line)
		}
	}
	fmt.Println(pprof.Lookup("goroutineleak").Count() > 0)
	runtime.KeepAlive(&wg)
	runtime.KeepAlive(cond)
	runtime.KeepAlive(block)
	runtime.KeepAlive(&mu)
}
