"""Maps (Go: spec "Map types", "For statements with range clause").

A :class:`Map` keeps a Python dict from *key forms* to values. The form of most keys is the key
itself; keys that Python compares otherwise than Go have another (:func:`float_form`,
:func:`interface_form`, tuples for structs and arrays), and then `k` leads back to the keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gosim.golang.values.panics import nil_map_panic
from gosim.golang.values.rtype import Box, rtype
from gosim.runtime import current
from gosim.runtime.panic import runtime_error

__all__ = ["NIL_MAP", "Map", "float_form", "interface_form"]


class _NilDict(dict[Any, Any]):
    """The entries of a nil map: none, for ever."""

    __slots__ = ()

    def __setitem__(self, key: Any, value: Any) -> None:
        nil_map_panic()


class Map:
    """A map: `d` from key forms to values, `k` from key forms to keys where these differ."""

    __slots__ = ("__weakref__", "d", "k")

    def __init__(self, d: dict[Any, Any]) -> None:
        self.d = d
        self.k: dict[Any, Any] | None = None

    def __len__(self) -> int:
        return len(self.d)

    def __bool__(self) -> bool:
        return True

    def items(self) -> Iterator[tuple[Any, Any]]:
        """Yield keys and values, oldest first."""
        if self.k is None:
            yield from self.d.items()
        else:
            k = self.k
            for form, value in self.d.items():
                yield k.get(form, form), value

    def __repr__(self) -> str:
        return f"<map {dict(self.items())}>"


NIL_MAP = Map(_NilDict())


class _NaN:
    """The form of a NaN: equal to no other, not even of the same one."""

    __slots__ = ()


def float_form(x: float) -> Any:
    """Return the form of a floating-point or complex key."""
    return x if x == x else _NaN()


def interface_form(x: Any) -> Any:
    """Return the form of a key that is an interface value.

    Raises
    ------
    Panic
        "hash of unhashable type".
    """
    cls = type(x)
    if cls is str or cls is int or x is None:
        return x
    if cls is bool:
        return (bool, x)
    if cls is float or cls is complex:
        return (cls, x) if x == x else _NaN()
    if isinstance(x, Box):
        hash(x)  # panics where Go does
        return x if x == x else _NaN()
    return x


def set_form(m: Map, form: Any, key: Any, value: Any) -> None:
    """Do ``m[key] = value`` where the form of the key is another thing."""
    d = m.d
    if form is key:
        d[form] = value
        return
    if form in d:
        d[form] = value
        return
    d[form] = value
    if m.k is None:
        m.k = {}
    m.k[form] = key


def delete_form(m: Map, form: Any) -> None:
    """Do ``delete(m, key)`` where the form of the key is another thing."""
    if m.d.pop(form, m) is not m and m.k is not None:
        m.k.pop(form, None)


def clear_map(m: Map) -> None:
    """Do ``clear(m)``."""
    m.d.clear()
    m.k = None


def literal_form(form: Callable[[Any], Any], pairs: list[tuple[Any, Any]], m: Map) -> Map:
    """Return a map literal, the new map `m`, whose keys have other forms."""
    for key, value in pairs:
        set_form(m, form(key), key, value)
    return m


def range_map(m: Map) -> Iterator[tuple[Any, Any]]:
    """Yield keys and values as ``range`` does.

    It begins anywhere; entries that were deleted before their turn do not come, entries that were
    added may or may not.
    """
    d = m.d
    if not d:
        return
    forms = list(d)
    n = len(forms)
    if n > 1:
        world = current.world
        at = world.choose(n, "map") if world is not None else 0
        if at:
            forms = forms[at:] + forms[:at]
    for form in forms:
        if form in d:
            k = m.k
            yield (form if k is None else k.get(form, form)), d[form]


def range_keys(m: Map) -> Iterator[Any]:
    """Yield keys as ``range`` does."""
    for key, _ in range_map(m):
        yield key


def unhashable(x: Any) -> None:
    """Panic: `x`, in an interface, is no key."""
    t = rtype(type(x))
    raise runtime_error(f"hash of unhashable type {type(x).__name__ if t is None else t.text}")
