package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

type T struct{}

func (t *T) method() string {
	pc, file, line, ok := runtime.Caller(0)
	return fmt.Sprint(runtime.FuncForPC(pc).Name(), " ", file[strings.LastIndex(file, "/")+1:], " ", line, " ", ok)
}

func caller() (string, int) {
	_, _, line, _ := runtime.Caller(1)
	pc, _, _, _ := runtime.Caller(1)
	return runtime.FuncForPC(pc).Name(), line
}

func trace() {
	pcs := make([]uintptr, 10)
	n := runtime.Callers(1, pcs)
	frames := runtime.CallersFrames(pcs[:n])
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "main.") {
			fmt.Println(f.Function, f.Line)
		}
		if !more {
			break
		}
	}
}

func main() {
	fmt.Println(runtime.GOOS, runtime.GOARCH, runtime.Compiler, runtime.NumGoroutine())
	fmt.Println(strings.HasPrefix(runtime.Version(), "go1."), runtime.GOMAXPROCS(0) >= 1)
	fmt.Println((&T{}).method())
	fmt.Println(caller())
	func() {
		fmt.Println(caller())
		trace()
	}()
	_, _, _, ok := runtime.Caller(50)
	fmt.Println(ok)
	done := make(chan bool)
	go func() {
		defer close(done)
		defer fmt.Println("deferred")
		runtime.Goexit()
		fmt.Println("never")
	}()
	<-done
	block := make(chan int)
	for i := 0; i < 3; i++ {
		go func() { <-block }()
	}
	runtime.Gosched()
	fmt.Println(runtime.NumGoroutine())
	buf := make([]byte, 1<<16)
	n := runtime.Stack(buf, true)
	fmt.Println(strings.Count(string(buf[:n]), "goroutine "), strings.Contains(string(buf[:n]), "[chan receive]"))
	first, _, _ := strings.Cut(string(debug.Stack()), "\n")
	fmt.Println(first)
	close(block)
	runtime.Gosched()
	fmt.Println(runtime.NumGoroutine())
	func() {
		defer func() {
			err, ok := recover().(runtime.Error)
			fmt.Println(err, ok)
		}()
		var a []int
		_ = a[5]
	}()
	func() {
		defer func() {
			e := recover()
			err, ok := e.(error)
			fmt.Println(err, ok)
			_, ok = e.(runtime.Error)
			fmt.Println(ok)
		}()
		var p *T
		var q *struct{ x int }
		_ = p
		fmt.Println(q.x)
	}()
	func() {
		defer func() {
			x := recover()
			_, ok := x.(*runtime.PanicNilError)
			fmt.Println(ok)
		}()
		panic(nil)
	}()
	fmt.Println(debug.SetGCPercent(50), debug.SetGCPercent(100))
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Println(m.NumGC >= 1, m.HeapAlloc > 0, m.Sys > m.HeapSys)
	runtime.KeepAlive(block)
	runtime.LockOSThread()
	runtime.UnlockOSThread()
	fmt.Fprintln(os.Stderr, "bye")
}
