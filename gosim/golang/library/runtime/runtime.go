// Package runtime is gosim's model of Go's package runtime.
package runtime

const (
	GOOS     string = "linux"
	GOARCH   string = "amd64"
	Compiler        = "gc"
)

// MemProfileRate is what the heap profile would be sampled with; gosim's is exact.
var MemProfileRate int = 512 * 1024

// An Error is a panic of the runtime itself.
type Error interface {
	error
	RuntimeError()
}

// runtimeError is an Error: gosim's runtime makes them.
//
//gosim:is gosim.runtime.panic.RuntimeError_
type runtimeError struct{ _ int }

func (e *runtimeError) Error() string
func (e *runtimeError) RuntimeError()

// A PanicNilError is what panic(nil) becomes.
//
//gosim:is gosim.runtime.panic.PanicNilError
type PanicNilError struct{ _ int }

func (e *PanicNilError) Error() string
func (e *PanicNilError) RuntimeError()

// A TypeAssertionError is the panic of a failed type assertion.
//
//gosim:is gosim.golang.values.panics.TypeAssertionError
type TypeAssertionError struct{ _ int }

func (e *TypeAssertionError) Error() string
func (*TypeAssertionError) RuntimeError()

func GC()
func GOMAXPROCS(n int) int
func GOROOT() string {
	return "/usr/local/go"
}
func Goexit()
func Gosched()
func KeepAlive(x any)
func LockOSThread()
func NumCPU() int
func NumCgoCall() int64 {
	return 0
}

// NumGoroutine is a choice point where schedules are explored, as Stack is for all goroutines.
func NumGoroutine() int {
	look_at_number()
	return count()
}

func look_at_number()
func count() int

func SetFinalizer(obj any, finalizer any)

//gosim:since 1.25
func SetDefaultGOMAXPROCS()
func UnlockOSThread()
func Version() string

// SetBlockProfileRate and SetMutexProfileFraction change nothing: `gosim profile` has all events.
func SetBlockProfileRate(rate int) {}

func SetMutexProfileFraction(rate int) int {
	old := mutexFraction
	if rate >= 0 {
		mutexFraction = rate
	}
	return old
}

var mutexFraction int

// Stack writes the stack of the calling goroutine, or of all, to buf.
func Stack(buf []byte, all bool) int {
	if all {
		look()
	}
	return copy(buf, stack(all))
}

func look()
func stack(all bool) string

// A MemStats holds figures of the heap.
type MemStats struct {
	Alloc         uint64
	TotalAlloc    uint64
	Sys           uint64
	Lookups       uint64
	Mallocs       uint64
	Frees         uint64
	HeapAlloc     uint64
	HeapSys       uint64
	HeapIdle      uint64
	HeapInuse     uint64
	HeapReleased  uint64
	HeapObjects   uint64
	StackInuse    uint64
	StackSys      uint64
	MSpanInuse    uint64
	MSpanSys      uint64
	MCacheInuse   uint64
	MCacheSys     uint64
	BuckHashSys   uint64
	GCSys         uint64
	OtherSys      uint64
	NextGC        uint64
	LastGC        uint64
	PauseTotalNs  uint64
	PauseNs       [256]uint64
	PauseEnd      [256]uint64
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool
	BySize        [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// ReadMemStats fills m in.
func ReadMemStats(m *MemStats) {
	f := figures()
	m.Alloc, m.TotalAlloc, m.Sys, m.Mallocs, m.Frees = f[0], f[1], f[2], f[3], f[4]
	m.HeapAlloc, m.HeapSys, m.HeapIdle, m.HeapInuse = f[5], f[6], f[7], f[8]
	m.HeapReleased, m.HeapObjects, m.StackInuse, m.StackSys = f[9], f[10], f[11], f[12]
	m.MSpanInuse, m.MSpanSys, m.MCacheInuse, m.MCacheSys = f[13], f[14], f[15], f[16]
	m.BuckHashSys, m.GCSys, m.OtherSys, m.NextGC, m.LastGC = f[17], f[18], f[19], f[20], f[21]
	m.PauseTotalNs, m.NumGC, m.NumForcedGC = f[22], uint32(f[23]), uint32(f[24])
	m.EnableGC = true
	sizes := f[25:]
	for i := range m.BySize {
		if 3*i+2 < len(sizes) {
			m.BySize[i].Size = uint32(sizes[3*i])
			m.BySize[i].Mallocs, m.BySize[i].Frees = sizes[3*i+1], sizes[3*i+2]
		}
	}
}

func figures() []uint64

// Caller tells where the function was called that calls it, skip frames further up.
func Caller(skip int) (pc uintptr, file string, line int, ok bool)

// Callers fills pc with the places of the calling goroutine's stack.
func Callers(skip int, pc []uintptr) int {
	return copy(pc, callers(skip))
}

func callers(skip int) []uintptr

// A Frame is a place in a function.
type Frame struct {
	PC       uintptr
	Func     *Func
	Function string
	File     string
	Line     int
	Entry    uintptr
}

// Frames tells the frames of a stack one after the other.
type Frames struct {
	callers []uintptr
}

// CallersFrames returns the frames of what Callers gave.
func CallersFrames(callers []uintptr) *Frames {
	return &Frames{callers}
}

// Next returns the next frame, and whether there are more.
func (ci *Frames) Next() (frame Frame, more bool) {
	if len(ci.callers) == 0 {
		return
	}
	pc := ci.callers[0]
	ci.callers = ci.callers[1:]
	function, file, line, entry := place(pc)
	frame = Frame{pc, FuncForPC(pc), function, file, line, entry}
	return frame, len(ci.callers) > 0
}

func place(pc uintptr) (function, file string, line int, entry uintptr)

// A Func is a function of the program.
type Func struct {
	pc uintptr
}

// FuncForPC returns the function that a place is in.
func FuncForPC(pc uintptr) *Func {
	if function, _, _, _ := place(pc); function == "" {
		return nil
	}
	return &Func{pc}
}

func (f *Func) Entry() uintptr {
	_, _, _, entry := place(f.pc)
	return entry
}

func (f *Func) FileLine(pc uintptr) (file string, line int) {
	_, file, line, _ = place(pc)
	return
}

func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	function, _, _, _ := place(f.pc)
	return function
}

// A Cleanup can be stopped.
//
//gosim:since 1.24
type Cleanup struct {
	id uint64
}

// AddCleanup has cleanup(arg) called some time after ptr has become unreachable.
//
//gosim:since 1.24
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	return Cleanup{addCleanup(ptr, func() { cleanup(arg) })}
}

//gosim:later
func addCleanup(ptr any, f func()) uint64

//gosim:since 1.24
func (c Cleanup) Stop() {
	stopCleanup(c.id)
}

func stopCleanup(id uint64)
