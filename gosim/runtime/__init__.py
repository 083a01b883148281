"""The Go runtime on a virtual clock: goroutines, scheduler, channels, select, timers, panics.

Read it beside Go's own ``src/runtime``: the files carry the same names.
"""
