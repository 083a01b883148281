"""Accesses to variables as steps of their own: what programs call that are compiled with ``races``.

Each of these is an operation: it announces itself to a policy that explores, tells observers, and
does what the plain code would have done at once. Nothing here is called by other programs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gosim.golang.values.maps import NIL_MAP
from gosim.runtime import current
from gosim.runtime.forms import Op, operation
from gosim.runtime.g import CHOICE
from gosim.std.shared import Location

__all__ = ["explored_helpers"]

#: Of so many elements that one operation touches each is told.
_MOST: Final = 256


def made(x: Any) -> Any:
    """Say that the running goroutine has made something that may be shared; return it."""
    w = current.world
    if w is not None and w.policy is not None:
        w.policy.made(x)
    return x


def _access(how: str, *places: Location) -> Op:
    """Let others come before an access, and tell of it."""
    w: Any = current.world
    if not places:
        return
    if w.policy is not None and w.must_announce():
        w.g.pending = (how, *places)
        yield CHOICE
    if w.observers:
        for place in places:
            w.emit("accessed", place, how)


@operation
def read_field(x: Any, name: str, shown: str) -> Op:
    """Return ``x.name``."""
    if x is not None:
        yield from _access("read", Location(x, name, shown, type(x).__name__))
    return getattr(x, name)


@operation
def write_field(value: Any, x: Any, name: str, shown: str) -> Op:
    """Do ``x.name = value``."""
    if x is not None:
        yield from _access("write", Location(x, name, shown, type(x).__name__))
    setattr(x, name, value)


@operation
def read_item(a: Any, i: int, shown: str) -> Op:
    """Return ``a[i]``."""
    yield from _access("read", Location(a, i, shown, "elements"))
    return a[i]


@operation
def write_item(value: Any, a: Any, i: int, shown: str) -> Op:
    """Do ``a[i] = value``."""
    yield from _access("write", Location(a, i, shown, "elements"))
    a[i] = value


# -- what has several parts ------------------------------------------------------------------------


Path = tuple[str | int, ...]


def _parts(x: Any, shown: str, paths: tuple[Path, ...]) -> Iterator[Location]:
    """Yield the places that a struct or an array is made of; a step is a field or an index."""
    for path in paths:
        of, name = x, shown
        for step in path[:-1]:
            of = of[step] if type(step) is int else getattr(of, str(step))
            name += f"[{step}]" if type(step) is int else f".{step}"
        last = path[-1]
        if type(last) is int:
            yield Location(of, last, f"{name}[{last}]", "elements")
        else:
            yield Location(of, last, f"{name}.{last}", type(of).__name__)


@operation
def read_whole(x: Any, shown: str, paths: tuple[Path, ...]) -> Op:
    """Return a struct or array that is going to be copied."""
    if x is not None:
        yield from _access("read", *_parts(x, shown, paths))
    return x


@operation
def write_whole(x: Any, shown: str, paths: tuple[Path, ...]) -> Op:
    """Say that a struct or array is going to be assigned to."""
    if x is not None:
        yield from _access("write", *_parts(x, shown, paths))


# -- slices ----------------------------------------------------------------------------------------


def _elements(s: Any, low: int, high: int, shown: str) -> Iterator[Location]:
    a, o = s.a, s.o
    for i in range(low, min(high, low + _MOST)):
        yield Location(a, o + i, f"{shown}[{i}]", "elements")


@operation
def appended(function: Any, count: int, shown: str, elem: Any, s: Any, value: Any) -> Op:
    """Do ``append``: it writes behind the end, or reads all where it moves them.

    `count`: how many values; -1 for those of a slice or string.
    """
    more = count if count >= 0 else len(value) if type(value) is str else value.n
    if more and s.a is not None:
        if s.n + more <= s.c:
            yield from _access("write", *_elements(s, s.n, s.n + more, shown))
        else:
            yield from _access("read", *_elements(s, 0, s.n, shown))
    result = function(elem, s, value)
    if result.a is not s.a and result.a is not None:
        made(result.a)
    return result


@operation
def copied(function: Any, shown: str, elem: Any, to: Any, source: Any) -> Op:
    """Do ``copy`` between slices."""
    n = min(to.n, source.n)
    if n:
        yield from _access("read", *_elements(source, 0, n, shown))
        yield from _access("write", *_elements(to, 0, n, shown))
    return function(elem, to, source)


@operation
def read_element(s: Any, i: int, shown: str) -> Op:
    """Return element `i` of a slice in a range over it."""
    yield from _access("read", Location(s.a, s.o + i, f"{shown}[{i}]", "elements"))
    return s.a[s.o + i]


# -- maps ------------------------------------------------------------------------------------------


@operation
def read_map(m: Any, shown: str) -> Op:
    """Return a map that is going to be looked into."""
    if m is not NIL_MAP:
        yield from _access("read", Location(m, "entries", shown, "map"))
    return m


@operation
def write_map(m: Any, shown: str) -> Op:
    """Return a map that is going to be changed."""
    if m is not NIL_MAP:
        yield from _access("write", Location(m, "entries", shown, "map"))
    return m


# -- what is made ----------------------------------------------------------------------------------


def explored_helpers(helpers: dict[str, Any]) -> dict[str, Any]:
    """Return what replaces helpers in programs that are explored: things say who made them."""

    def new(cls: Any, *args: Any) -> Any:
        return made(object.__new__(cls))

    parts = {"__slots__": (), "__new__": new, "__module__": __name__}
    cell = type("Cell", (helpers["Cell"],), dict(parts))
    struct = type("Struct", (helpers["Struct"],), dict(parts))
    make_map, make = helpers["Map"], helpers["make_slice"]

    def new_map(*args: Any) -> Any:
        return made(make_map(*args))

    def make_slice(*args: Any) -> Any:
        s = make(*args)
        made(s.a)
        return s

    found = {"Cell": cell, "Struct": struct, "Map": new_map, "make_slice": make_slice}
    if "new_map" in helpers:
        make_counted = helpers["new_map"]
        found["new_map"] = lambda *args: made(make_counted(*args))
    return found


#: By name, as `gosim.golang.values.helpers.HELPERS`.
HELPERS: dict[str, Any] = {
    each.__name__: each
    for each in (
        appended,
        copied,
        made,
        read_element,
        read_field,
        read_item,
        read_map,
        read_whole,
        write_field,
        write_item,
        write_map,
        write_whole,
    )
}
