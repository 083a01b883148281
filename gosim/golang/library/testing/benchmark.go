package testing

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

// B is the state of a benchmark. Computing takes no time on the virtual clock, so a benchmark runs
// once, or as often as -benchtime=100x says.
type B struct {
	common
	N          int
	timerOn    bool
	start      time.Time
	result     BenchmarkResult
	bytes      int64
	showAllocs bool
	extra      map[string]float64
	loopN      int
	mallocs    uint64
	allocated  uint64
	netMallocs uint64
	netBytes   uint64
	procs      int
}

// An InternalBenchmark is a benchmark with its name.
type InternalBenchmark struct {
	Name string
	F    func(b *B)
}

// A BenchmarkResult is what a benchmark has measured.
type BenchmarkResult struct {
	N         int
	T         time.Duration
	Bytes     int64
	MemAllocs uint64
	MemBytes  uint64
	Extra     map[string]float64
}

func (b *B) StartTimer() {
	if !b.timerOn {
		if b.showAllocs {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.mallocs, b.allocated = m.Mallocs, m.TotalAlloc
		}
		b.start = time.Now()
		b.timerOn = true
	}
}

func (b *B) StopTimer() {
	if b.timerOn {
		b.duration += time.Since(b.start)
		if b.showAllocs {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.netMallocs += m.Mallocs - b.mallocs
			b.netBytes += m.TotalAlloc - b.allocated
		}
		b.timerOn = false
	}
}

func (b *B) ResetTimer() {
	if b.extra == nil {
		b.extra = map[string]float64{}
	} else {
		clear(b.extra)
	}
	if b.timerOn {
		b.start = time.Now()
		if b.showAllocs {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.mallocs, b.allocated = m.Mallocs, m.TotalAlloc
		}
	}
	b.duration, b.netMallocs, b.netBytes = 0, 0, 0
}

func (b *B) SetBytes(n int64) { b.bytes = n }

func (b *B) ReportAllocs() { b.showAllocs = true }

func (b *B) Elapsed() time.Duration {
	d := b.duration
	if b.timerOn {
		d += time.Since(b.start)
	}
	return d
}

func (b *B) ReportMetric(n float64, unit string) {
	if unit == "" {
		panic("metric unit must not be empty")
	}
	if b.extra == nil {
		b.extra = map[string]float64{}
	}
	b.extra[unit] = n
}

// Loop tells whether the benchmark goes on.
//
//gosim:since 1.24
func (b *B) Loop() bool {
	if b.loopN == 0 {
		b.ResetTimer()
		b.StartTimer()
	}
	if b.loopN >= benchTimes {
		b.StopTimer()
		b.N = b.loopN
		b.loopN = 0
		return false
	}
	b.loopN++
	return true
}

// Run runs f as a part of the benchmark.
func (b *B) Run(name string, f func(b *B)) bool {
	b.hasSub = true
	full := rewrite(name)
	if b.name != "" {
		full = b.name + "/" + full
	}
	ctx, cancel := context.WithCancel(context.Background())
	sub := &B{common: common{
		name: full, parent: &b.common, level: b.level + 1, bench: true, chatty: b.chatty,
		signal: make(chan bool, 1), ctx: ctx, cancelCtx: cancel,
	}}
	go sub.launch(f)
	<-sub.signal
	if !sub.hasSub || sub.failed {
		sub.tell()
	}
	return !sub.failed
}

func (b *B) launch(f func(b *B)) {
	defer func() {
		b.done = true
		b.signal <- true
	}()
	defer b.clean()
	b.N = benchTimes
	b.ResetTimer()
	b.StartTimer()
	f(b)
	b.StopTimer()
	b.result = BenchmarkResult{b.N, b.duration, b.bytes, b.netMallocs, b.netBytes, b.extra}
	b.finished = true
}

func (b *B) tell() {
	switch {
	case b.failed:
		os.Stdout.WriteString("--- FAIL: " + b.name + "\n" + string(b.output))
	case b.skipped:
		os.Stdout.WriteString("--- SKIP: " + b.name + "\n" + string(b.output))
	default:
		text := b.name + "\t" + b.result.String()
		if b.showAllocs {
			text += "\t" + b.result.MemString()
		}
		os.Stdout.WriteString(text + "\n")
		if len(b.output) > 0 {
			os.Stdout.WriteString("--- BENCH: " + b.name + "\n" + string(b.output))
		}
	}
}

// A PB is used by the goroutines of RunParallel.
type PB struct {
	left *int
}

func (pb *PB) Next() bool {
	if *pb.left <= 0 {
		return false
	}
	*pb.left--
	return true
}

// RunParallel runs body in goroutines that share the turns.
func (b *B) RunParallel(body func(*PB)) {
	if b.N == 0 {
		return
	}
	n := max(b.procs, 1) * runtime.GOMAXPROCS(0)
	left := b.N
	var wg sync.WaitGroup
	wg.Add(n)
	for i := 0; i < n; i++ {
		go func() {
			defer wg.Done()
			body(&PB{&left})
		}()
	}
	wg.Wait()
}

func (b *B) SetParallelism(p int) {
	if p >= 1 {
		b.procs = p
	}
}

func (r BenchmarkResult) NsPerOp() int64 {
	if v, ok := r.Extra["ns/op"]; ok {
		return int64(v)
	}
	if r.N <= 0 {
		return 0
	}
	return r.T.Nanoseconds() / int64(r.N)
}

func (r BenchmarkResult) AllocsPerOp() int64 {
	if v, ok := r.Extra["allocs/op"]; ok {
		return int64(v)
	}
	if r.N <= 0 {
		return 0
	}
	return int64(r.MemAllocs) / int64(r.N)
}

func (r BenchmarkResult) AllocedBytesPerOp() int64 {
	if v, ok := r.Extra["B/op"]; ok {
		return int64(v)
	}
	if r.N <= 0 {
		return 0
	}
	return int64(r.MemBytes) / int64(r.N)
}

func (r BenchmarkResult) MemString() string {
	return fmt.Sprintf("%8d B/op\t%8d allocs/op", r.AllocedBytesPerOp(), r.AllocsPerOp())
}

func (r BenchmarkResult) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%8d", r.N)
	ns := float64(r.T.Nanoseconds()) / float64(max(r.N, 1))
	switch {
	case ns == 0 || ns >= 99.95:
		fmt.Fprintf(&b, "\t%10.0f ns/op", ns)
	case ns >= 9.995:
		fmt.Fprintf(&b, "\t%12.1f ns/op", ns)
	default:
		fmt.Fprintf(&b, "\t%13.2f ns/op", ns)
	}
	return b.String()
}

// Benchmark runs one benchmark and returns what it measured.
func Benchmark(f func(b *B)) BenchmarkResult {
	b := &B{common: common{bench: true, signal: make(chan bool, 1)}}
	go b.launch(f)
	<-b.signal
	return b.result
}

func runBenchmarks(benchmarks []InternalBenchmark) bool {
	if benchPattern == "" {
		return true
	}
	top := &B{common: common{bench: true}}
	ok := true
	for _, each := range benchmarks {
		if matchAny(benchPattern, each.Name, true) && !top.Run(each.Name, each.F) {
			ok = false
		}
	}
	return ok
}

// AllocsPerRun returns how many allocations f makes.
func AllocsPerRun(runs int, f func()) (avg float64) {
	f()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before := m.Mallocs
	for i := 0; i < runs; i++ {
		f()
	}
	runtime.ReadMemStats(&m)
	return float64((m.Mallocs - before) / uint64(runs))
}
