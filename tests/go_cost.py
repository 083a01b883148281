"""What operations cost in real Go: bytes and objects, for table programs (`go_tables`)."""

from __future__ import annotations

IMPORTS = ("fmt", "runtime", "runtime/debug")

#: ``measure(f)`` gives the bytes and objects that f allocates.
MEASURE = """
// The least of some runs, because now and then the runtime allocates, too.
func measure(f func()) (total, mallocs uint64) {
	var before, after runtime.MemStats
	total, mallocs = 1<<62, 1<<62
	for i := 0; i < 4; i++ {
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		if d := after.TotalAlloc - before.TotalAlloc; d < total {
			total = d
		}
		if d := after.Mallocs - before.Mallocs; d < mallocs {
			mallocs = d
		}
	}
	return
}

// Lines of "what f made, bytes, objects".
func cost(f func(), show func() string) {
	total, mallocs := measure(f)
	emit(fmt.Sprint(show(), " ", total, " ", mallocs))
}
"""
