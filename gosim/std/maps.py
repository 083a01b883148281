"""Functions on maps (Go: package ``maps``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gosim.memory.map import GoMap, NilMap
from gosim.std.values import checked, door, map_value, new_map

__all__ = ["clone", "copy", "delete_func", "equal", "keys", "values"]


@door
def clone(m: GoMap | NilMap) -> GoMap | NilMap:
    """Return a map with the same entries, made for as many as there are (``maps.Clone``).

    So it is smaller than a map that had more entries once: the way to give their memory back.
    """
    m = map_value(m)
    if isinstance(m, NilMap):
        return m
    made = new_map(m.typ, len(m), "maps.clone")
    for key, value in m.items():
        made.set(key, value)
    return made


@door
def copy(dst: GoMap | NilMap, src: GoMap | NilMap) -> None:
    """Store all entries of `src` in `dst` (``maps.Copy``)."""
    dst = map_value(dst)
    for key, value in map_value(src).items():
        dst.set(key, value)


def delete_func(m: GoMap | NilMap, remove: Callable[[Any, Any], bool]) -> None:
    """Delete the entries for which ``remove(key, value)`` is true (``maps.DeleteFunc``)."""
    from_ = checked("delete_func", map_value, m)
    for key, value in from_.items():
        if remove(key, value):
            from_.delete(key)


@door
def equal(m: GoMap | NilMap, n: GoMap | NilMap) -> bool:
    """Return whether both have the same keys with equal elements (``maps.Equal``)."""
    m, n = map_value(m), map_value(n)
    return len(m) == len(n) and all(n.get_ok(k) == (v, True) for k, v in m.items())


@door
def keys(m: GoMap | NilMap) -> Iterator[Any]:
    """Range over the keys, in the order of an iteration (``maps.Keys``)."""
    return (key for key, _ in map_value(m).items())


@door
def values(m: GoMap | NilMap) -> Iterator[Any]:
    """Range over the elements, in the order of an iteration (``maps.Values``)."""
    return (value for _, value in map_value(m).items())
