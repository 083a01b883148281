// Package debug is gosim's model of Go's package runtime/debug.
package debug

import (
	"os"
	"runtime"
	"time"
)

func FreeOSMemory()
func SetGCPercent(percent int) int

func SetMaxStack(bytes int) int

//gosim:is gosim.std.debug.set_memory_limit
func SetMemoryLimit(limit int64) int64

// SetMaxThreads changes nothing: goroutines need no threads here.
func SetMaxThreads(threads int) int {
	old := maxThreads
	maxThreads = threads
	return old
}

var maxThreads = 10000

// SetPanicOnFault changes nothing: there are no such addresses here.
func SetPanicOnFault(enabled bool) bool {
	old := panicOnFault
	panicOnFault = enabled
	return old
}

var panicOnFault bool

// SetTraceback changes nothing.
func SetTraceback(level string) {}

// GCStats tells about collections.
type GCStats struct {
	LastGC         time.Time
	NumGC          int64
	PauseTotal     time.Duration
	Pause          []time.Duration
	PauseEnd       []time.Time
	PauseQuantiles []time.Duration
}

// ReadGCStats fills stats in; a collection takes no virtual time.
func ReadGCStats(stats *GCStats) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	stats.NumGC = int64(m.NumGC)
	stats.PauseTotal = time.Duration(m.PauseTotalNs)
	stats.LastGC = time.Unix(0, int64(m.LastGC))
	n := min(int(m.NumGC), 256)
	stats.Pause = make([]time.Duration, n)
	stats.PauseEnd = make([]time.Time, n)
	for i := range stats.PauseQuantiles {
		stats.PauseQuantiles[i] = 0
	}
}

// Stack returns the stack of the calling goroutine.
func Stack() []byte {
	return []byte(stack())
}

func stack() string

// PrintStack prints the stack of the calling goroutine.
func PrintStack() {
	os.Stderr.WriteString(stack())
}

// A Module is a module that a program is built from.
type Module struct {
	Path    string
	Version string
	Sum     string
	Replace *Module
}

type BuildSetting struct {
	Key, Value string
}

// BuildInfo is what ReadBuildInfo would return.
type BuildInfo struct {
	GoVersion string
	Path      string
	Main      Module
	Deps      []*Module
	Settings  []BuildSetting
}

// ReadBuildInfo finds nothing: the program was not built.
func ReadBuildInfo() (info *BuildInfo, ok bool) {
	return nil, false
}
