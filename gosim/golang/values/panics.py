"""Run-time panics: the helpers that raise them, and Python's exceptions that stand for them
(Go: ``runtime/error.go``, ``runtime/panic.go``).

Generated code does not test for everything Go tests for: dividing by zero, a field of a nil pointer
or a method of a nil interface raise Python's own exceptions, and :func:`as_panic` makes Go's panic
of them where somebody looks: at the end of a goroutine, and before deferred calls run.
"""

from __future__ import annotations

from typing import Any, NoReturn

from gosim.runtime import panic as runtime_panic
from gosim.runtime.panic import NilDereference, Panic, RuntimeError_, plain_error, runtime_error

__all__ = [
    "TypeAssertionError",
    "as_panic",
    "divide_panic",
    "index_panic",
    "makechan_panic",
    "makeslice_panic",
    "nil_map_panic",
    "nil_panic",
    "shift_panic",
    "slice_panic",
    "to_array_panic",
]

_DIVIDE = "integer divide by zero"
_SHIFT = "negative shift amount"


class TypeAssertionError(RuntimeError_):
    """The panic of a failed ``x.(T)`` (``runtime.TypeAssertionError``)."""

    __go_type__ = "*runtime.TypeAssertionError"


def index_panic(i: int, n: int) -> NoReturn:
    """Panic: index `i` is not below `n`."""
    tail = f" with length {n}" if i >= 0 else ""
    raise runtime_error(f"index out of range [{i}]{tail}")


def slice_panic(low: int, high: int, n: int, word: str = "length") -> NoReturn:
    """Panic: ``[low:high]`` of something of which `n` (its `word`) can be sliced."""
    if not 0 <= high <= n:
        where = f"[:{high}] with {word} {n}" if high >= 0 else f"[:{high}]"
    else:
        where = f"[{low}:{high}]" if low >= 0 else f"[{low}:]"
    raise runtime_error(f"slice bounds out of range {where}")


def slice3_panic(low: int, high: int, top: int, n: int, word: str = "capacity") -> NoReturn:
    """Panic: ``[low:high:top]`` of something of which `n` can be sliced."""
    if not 0 <= top <= n:
        where = f"[::{top}] with {word} {n}" if top >= 0 else f"[::{top}]"
    elif not 0 <= high <= top:
        where = f"[:{high}:{top}]" if high >= 0 else f"[:{high}:]"
    else:
        where = f"[{low}:{high}:]" if low >= 0 else f"[{low}::]"
    raise runtime_error(f"slice bounds out of range {where}")


def to_array_panic(n: int, length: int) -> NoReturn:
    """Panic: a slice of `n` elements is no array of `length`."""
    raise runtime_error(
        f"cannot convert slice with length {n} to array or pointer to array with length {length}"
    )


def makeslice_panic(what: str) -> NoReturn:
    """Panic: ``make([]T, n)`` with an impossible `what` ("len", "cap")."""
    raise runtime_error(f"makeslice: {what} out of range")


def makechan_panic() -> NoReturn:
    """Panic: ``make(chan T, n)`` with an impossible n."""
    raise plain_error("makechan: size out of range")


def nil_map_panic() -> NoReturn:
    """Panic: a nil map cannot hold entries."""
    raise plain_error("assignment to entry in nil map")


def nil_panic() -> NoReturn:
    """Panic: a nil pointer was followed."""
    raise Panic(NilDereference())


def divide_panic() -> NoReturn:
    """Panic: an integer was divided by zero."""
    raise runtime_error(_DIVIDE)


def shift_panic() -> NoReturn:
    """Panic: a shift by a negative number."""
    raise runtime_error(_SHIFT)


def as_panic(error: BaseException) -> Panic:
    """Return `error`, raised by generated code or by gosim, as Go's panic."""
    if isinstance(error, Panic):
        return error
    return known_panic(error) or runtime_panic.as_panic(error)


def known_panic(error: BaseException) -> Panic | None:
    """Return the panic that one of Python's own exceptions stands for, if it stands for one."""
    value: Any
    if isinstance(error, ZeroDivisionError):
        value = RuntimeError_("runtime error: " + _DIVIDE)
    elif isinstance(error, ValueError) and "negative shift count" in str(error):
        value = RuntimeError_("runtime error: " + _SHIFT)
    elif isinstance(error, (AttributeError, TypeError)) and "'NoneType'" in str(error):
        value = NilDereference()
    else:
        return None
    made = Panic(value)
    made.__cause__ = error
    made.__traceback__ = error.__traceback__
    return made
