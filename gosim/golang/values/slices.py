"""Slices (Go: ``runtime/slice.go``, spec "Slice types").

A :class:`Slice` is an immutable value. Its cells are a Python list (a bytearray for bytes) that may
be shorter than the capacity: the cells behind are zeros that nobody has seen yet. So `append` to a
slice that owns the end of its list is Python's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gosim.golang.values.panics import makeslice_panic, slice3_panic, slice_panic, to_array_panic
from gosim.golang.values.sparse import LAZY, Sparse, check_budget
from gosim.memory.features import MemoryFeatures, features
from gosim.memory.sizeclass import roundupsize
from gosim.runtime import current
from gosim.runtime.panic import runtime_error
from gosim.runtime.version import LATEST

__all__ = ["NIL_SLICE", "Elem", "Slice"]

_MAX_ALLOC = 1 << 48
_THRESHOLD = 256
_STACK_BUFFER = 32


class Slice:
    """A slice: cells `a` from `o` on, length `n`, capacity `c`; nil has no cells (None)."""

    __slots__ = ("a", "c", "n", "o")

    def __init__(self, a: Any, o: int, n: int, c: int) -> None:
        self.a = a
        self.o = o
        self.n = n
        self.c = c

    def __len__(self) -> int:
        return self.n

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Any:
        return iter(self.values())

    def __eq__(self, other: object) -> bool:
        # Only == nil exists in Go; what compares interfaces asks first.
        return self is other

    __hash__ = object.__hash__

    def values(self) -> Any:
        """The elements: a part of the list or bytearray."""
        a = self.a
        return () if a is None else a[self.o : self.o + self.n]

    def __repr__(self) -> str:
        return f"<slice {list(self.values())} cap {self.c}>"


NIL_SLICE = Slice(None, 0, 0, 0)


class Elem:
    """What operations on slices and arrays need to know of the type of an element.

    Parameters
    ----------
    size : int
        Bytes of an element.
    noscan : bool
        It has no pointers.
    zero : object
        The zero value, where values cannot be changed in place.
    make : callable or None
        Makes a zero value, where they can (structs, arrays).
    copy, assign : callable or None
        Copy such a value; copy one into another.
    """

    __slots__ = ("assign", "byte", "copy", "grown", "make", "noscan", "size", "zero")

    def __init__(
        self,
        size: int,
        noscan: bool,
        zero: Any = None,
        make: Callable[[], Any] | None = None,
        copy: Callable[[Any], Any] | None = None,
        assign: Callable[[Any, Any], None] | None = None,
        byte: bool = False,
    ) -> None:
        self.size = size
        self.noscan = noscan
        self.zero = zero
        self.make = make
        self.copy = copy
        self.assign = assign
        self.byte = byte
        self.grown: dict[tuple[int, int, str], int] = {}

    def zeros(self, n: int) -> Any:
        """Return `n` new cells."""
        if n >= LAZY:
            check_budget(n * self.size)
            if not self.byte:
                return Sparse(n, self.zero, self.make)
        if self.byte:
            return bytearray(n)
        if self.make is not None:
            make = self.make
            return [make() for _ in range(n)]
        return [self.zero] * n

    def array(self, values: Any, room: int) -> Any:
        """Return the array that holds `values`, new cells, and has room for `room` of them."""
        return values

    def copies(self, values: Any) -> Any:
        """Return `values`, a part of a list just cut out, with copies of what can be changed."""
        copy = self.copy
        return values if copy is None else [copy(v) for v in values]


def _go() -> str:
    world = current.world
    return LATEST if world is None else world.version.go


def _features(go: str) -> MemoryFeatures:
    return features(go)


def grown_capacity(length: int, old: int, elem: Elem) -> int:
    """Return the capacity that ``append`` chooses for `length` elements (``nextslicecap``)."""
    go = _go()
    key = (length, old, go)
    found = elem.grown.get(key)
    if found is not None:
        return found
    size = elem.size
    if not size:
        return length
    if length > 2 * old:
        wanted = length
    elif old < _THRESHOLD:
        wanted = 2 * old
    else:
        wanted = old
        while wanted < length:
            wanted += (wanted + 3 * _THRESHOLD) // 4
    if wanted * size > _MAX_ALLOC:
        raise runtime_error("growslice: len out of range")
    capacity = int(roundupsize(wanted * size, elem.noscan, _features(go)) // size)
    if len(elem.grown) < 1024:
        elem.grown[key] = capacity
    return capacity


def byte_capacity(n: int) -> int:
    """Return the capacity of ``[]byte(s)`` that escapes."""
    return int(roundupsize(n, True, _features(_go()))) if n else 0


def make_slice(elem: Elem, n: int, c: int | None = None) -> Slice:
    """Return ``make([]T, n, c)``."""
    room = n if c is None else c
    if not 0 <= n <= room or room * elem.size > _MAX_ALLOC:
        makeslice_panic("len" if n < 0 or n * elem.size > _MAX_ALLOC else "cap")
    if room >= LAZY:
        check_budget(room * elem.size)
    return Slice(elem.array(elem.zeros(n), room), 0, n, room)


def literal(elem: Elem, values: Any) -> Slice:
    """Return ``[]T{values...}``; `values` is a new list, or iterable for bytes."""
    if elem.byte:
        values = bytearray(values)
    n = len(values)
    return Slice(elem.array(values, n), 0, n, n)


def append1(elem: Elem, s: Slice, value: Any) -> Slice:
    """Return ``append(s, value)`` for an element that cannot be changed in place."""
    n = s.n
    a = s.a
    if n < s.c:
        at = s.o + n
        if at == len(a):
            a.append(value)
        elif at < len(a):
            a[at] = value
        else:
            _fill(elem, a, at)
            a.append(value)
        return Slice(a, s.o, n + 1, s.c)
    c = grown_capacity(n + 1, s.c, elem)
    if a is None:
        a = elem.array(bytearray((value,)) if elem.byte else [value], c)
        return Slice(a, 0, 1, c)
    o = s.o
    a = elem.array(elem.copies(a[o : o + n]), c)
    a.append(value)
    return Slice(a, 0, n + 1, c)


def append_on_stack(elem: Elem, s: Slice, values: Any, stays: bool, moves: bool) -> Slice:
    """Return ``append(s, values...)`` where the array can be in a buffer on the stack.

    Parameters
    ----------
    stays : bool
        It does not leave the function (1.25).
    moves : bool
        It is handed on in one place (1.26).
    """
    n = s.n
    m = len(values)
    if m and n + m > s.c and elem.size:
        kinds = _features(_go())
        room = _STACK_BUFFER // elem.size
        if n + m <= room:
            if moves and kinds.stack_buffer_moves:
                # One step up the size classes at a time, so that moving it wastes nothing.
                size = roundupsize((n + m) * elem.size, elem.noscan, kinds)
                return _grown(elem, s, values, int(size // elem.size))
            if stays and kinds.stack_buffer and not n:
                return _grown(elem, s, values, room)
    if m == 1:
        return append1_struct(elem, s, values[0])
    return append(elem, s, values)


def append1_on_stack(elem: Elem, s: Slice, value: Any, stays: bool, moves: bool) -> Slice:
    """Do :func:`append_on_stack` with one value that cannot be changed in place."""
    n = s.n
    if n < s.c:
        a = s.a
        if s.o + n == len(a):
            a.append(value)
            return Slice(a, s.o, n + 1, s.c)
    return append_on_stack(elem, s, (value,), stays, moves)


def _grown(elem: Elem, s: Slice, values: Any, c: int) -> Slice:
    """Return `s` and `values` in a new array that is on no heap."""
    if s.a is None:
        a = bytearray() if elem.byte else []
    else:
        a = elem.copies(s.a[s.o : s.o + s.n])
    a.extend(values)
    return Slice(a, 0, len(a), c)


def append1_struct(elem: Elem, s: Slice, value: Any) -> Slice:
    """Return ``append(s, value)`` for an element that can be pointed into."""
    n = s.n
    if n < s.c:
        a = s.a
        at = s.o + n
        if at < len(a) and elem.assign is not None:
            elem.assign(a[at], value)
            return Slice(a, s.o, n + 1, s.c)
    return append1(elem, s, value)


def append(elem: Elem, s: Slice, values: Any) -> Slice:
    """Return ``append(s, values...)``; `values` (list, tuple, bytes) are nobody else's."""
    m = len(values)
    if not m:
        return s
    n = s.n
    a = s.a
    end = s.o + n
    if n + m <= s.c:
        if end > len(a):
            _fill(elem, a, end)
        if elem.assign is not None:
            assign = elem.assign
            there = len(a) - end
            for i, v in enumerate(values[:there], end):
                assign(a[i], v)
            a.extend(values[there:])
        else:
            a[end : end + m] = values
        return Slice(a, s.o, n + m, s.c)
    c = grown_capacity(n + m, s.c, elem)
    if a is None:
        a = elem.array(bytearray() if elem.byte else [], c)
    else:
        a = elem.array(elem.copies(a[s.o : end]), c)
    a.extend(values)
    return Slice(a, 0, n + m, c)


def append_slice(elem: Elem, s: Slice, t: Slice) -> Slice:
    """Return ``append(s, t...)``."""
    if not t.n:
        return s
    return append(elem, s, elem.copies(t.a[t.o : t.o + t.n]))


def append_string(elem: Elem, s: Slice, t: str) -> Slice:
    """Return ``append(s, t...)`` for bytes and a string."""
    return append(elem, s, t.encode("latin-1"))


def _fill(elem: Elem, a: Any, end: int) -> None:
    """Bring the cells before `end` into being."""
    a.extend(elem.zeros(end - len(a)))


def slice_expr(
    elem: Elem, s: Slice, low: int, high: int | None = None, top: int | None = None
) -> Slice:
    """Return ``s[low:high:top]``."""
    c = s.c
    if high is None:
        high = s.n
        if not 0 <= low <= high:
            slice_panic(low, high, c, "capacity")
    elif top is not None:
        if not 0 <= low <= high <= top <= c:
            slice3_panic(low, high, top, c)
        c = top
    elif not 0 <= low <= high <= c:
        slice_panic(low, high, c, "capacity")
    if high > s.n and s.o + high > len(s.a):
        _fill(elem, s.a, s.o + high)
    # With no capacity left the pointer stays where it was: never behind the array.
    return Slice(s.a, s.o + low if c > low else s.o, high - low, c - low)


def slice_array(a: Any, low: int, high: int | None = None, top: int | None = None) -> Slice:
    """Return ``a[low:high:top]`` of an array (or what a pointer to one leads to)."""
    n = c = len(a)
    if high is None:
        high = n
    if top is not None:
        if not 0 <= low <= high <= top <= n:
            slice3_panic(low, high, top, n, "length")
        c = top
    elif not 0 <= low <= high <= n:
        slice_panic(low, high, n, "length")
    return Slice(a, low if c > low else 0, high - low, c - low)


def slice_string(s: str, low: int, high: int | None = None) -> str:
    """Return ``s[low:high]`` of a string."""
    n = len(s)
    if high is None:
        high = n
    if not 0 <= low <= high <= n:
        slice_panic(low, high, n)
    return s[low:high]


def copy_slice(elem: Elem, to: Slice, source: Slice) -> int:
    """Do ``copy(to, source)``."""
    n = min(to.n, source.n)
    if n:
        values = source.a[source.o : source.o + n]
        if elem.assign is None:
            to.a[to.o : to.o + n] = values
        else:
            for i, v in enumerate(elem.copies(values), to.o):
                elem.assign(to.a[i], v)
    return n


def copy_string(to: Slice, source: str) -> int:
    """Do ``copy(to, source)`` for a string."""
    n = min(to.n, len(source))
    if n:
        to.a[to.o : to.o + n] = source[:n].encode("latin-1")
    return n


def clear_slice(elem: Elem, s: Slice) -> None:
    """Do ``clear(s)``."""
    if not s.n:
        return
    if elem.assign is None:
        s.a[s.o : s.o + s.n] = elem.zeros(s.n)
    else:
        for i in range(s.o, s.o + s.n):
            elem.assign(s.a[i], elem.make())  # type: ignore[misc]


def to_array(elem: Elem, s: Slice, length: int) -> Any:
    """Return ``[length]T(s)``: a copy."""
    if s.n < length:
        to_array_panic(s.n, length)
    if s.a is None:
        return elem.zeros(0)
    return elem.copies(s.a[s.o : s.o + length])


def to_array_pointer(s: Slice, length: int) -> Any:
    """Return ``(*[length]T)(s)``: the cells themselves."""
    if s.n < length:
        to_array_panic(s.n, length)
    if s.a is None:
        return None
    if s.o == 0 and len(s.a) == length:
        return s.a
    return Window(s.a, s.o, length)


class Window:
    """An array that is a part of other cells: what ``(*[n]T)(s)`` points at."""

    __slots__ = ("a", "n", "o")

    def __init__(self, a: Any, o: int, n: int) -> None:
        self.a = a
        self.o = o
        self.n = n

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, i: Any) -> Any:
        if isinstance(i, slice):
            start, stop, step = i.indices(self.n)
            return self.a[self.o + start : self.o + stop : step]
        return self.a[self.o + i]

    def __setitem__(self, i: Any, value: Any) -> None:
        if isinstance(i, slice):
            start, stop, step = i.indices(self.n)
            self.a[self.o + start : self.o + stop : step] = value
        else:
            self.a[self.o + i] = value

    def __iter__(self) -> Any:
        return iter(self[:])

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Window)
            and self.a is other.a
            and (self.o, self.n) == (other.o, other.n)
        )

    def __hash__(self) -> int:
        return hash((id(self.a), self.o, self.n))
