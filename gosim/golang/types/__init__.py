"""The type checker: types, constants and what every expression of a Go program is.

Laid out as Go's ``go/types``; `gosim.golang.types.check.check_package` is the entry.
"""
