"""What Go's interface values (``any``) do, for Python values: identity of types, ==, use as a key.

Python says ``1 == True == 1.0``; in Go an interface holding an ``int`` never equals one holding a
``bool`` or a ``float64``, and comparing two slices, maps or functions panics.

Go's counterpart: ``efaceeq`` and ``nilinterhash`` in ``src/runtime/alg.go``; spec, "Comparison
operators".
"""

from __future__ import annotations

import dataclasses
import types
from typing import Any

from gosim.runtime.panic import runtime_error
from gosim.std.reflect import type_name

_FUNCTIONS = (types.FunctionType, types.MethodType, types.BuiltinFunctionType)
_UNCOMPARABLE = (list, dict, set, bytes, bytearray, *_FUNCTIONS)


def same_type(a: Any, b: Any) -> bool:
    """Whether two values have the same dynamic type."""
    return type(a) is type(b)


def equal(a: Any, b: Any) -> bool:
    """Compare two interface values as Go's ``==`` does.

    Raises
    ------
    Panic
        "comparing uncomparable type ..." when both have the same type and it is a slice, a map or
        a function.
    """
    if a is None or b is None or not same_type(a, b):
        return a is b
    if isinstance(a, _UNCOMPARABLE):
        raise runtime_error(f"comparing uncomparable type {type_name(a)}")
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(equal, a, b))
    if dataclasses.is_dataclass(a):
        return all(equal(x, y) for x, y in zip(_fields(a), _fields(b), strict=True))
    return bool(a == b) if type(a).__hash__ is not None else a is b


def map_key(key: Any) -> object:
    """Return what stands for ``key`` in a dict, so that dict equality is Go's equality.

    Raises
    ------
    Panic
        "hash of unhashable type ...".
    """
    kind = type(key)
    if kind is str:
        return key
    if isinstance(key, _UNCOMPARABLE):
        raise runtime_error(f"hash of unhashable type {type_name(key)}")
    if isinstance(key, tuple):
        return (kind, *map(map_key, key))
    if dataclasses.is_dataclass(key):
        return (kind, *map(map_key, _fields(key)))
    # An instance that Python cannot hash stands for a pointer, whose key is its identity.
    return (kind, key) if kind.__hash__ is not None else _Identity(key)


def _fields(value: Any) -> list[Any]:
    return [getattr(value, field.name) for field in dataclasses.fields(value)]


class _Identity:
    """A dict key equal to another one made of the same object."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.value is other.value

    def __hash__(self) -> int:
        return hash(id(self.value))
