"""What a map's memory consists of: the sizes that follow from its key and element types.

Go: ``cmd/compile/internal/reflectdata/map.go`` (``MapBucketType`` up to 1.23, ``MapGroupType`` from
1.24), ``internal/abi/map*.go``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from gosim.memory.features import MemoryFeatures
from gosim.memory.types import Kind, Type, map_of, zero_value

SLOTS: Final = 8
"""Entries of one bucket, and slots of one group (``MapBucketCount``, ``MapGroupSlots``)."""

MAX_INLINE: Final = 128
"""Larger keys and elements are stored by pointer (``MapMaxKeyBytes``, ``MapMaxElemBytes``)."""

HEADER_BYTES: Final = 48
"""``hmap`` and ``maps.Map`` alike."""

POINTER_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Part:
    """The type of a map's keys or elements, as far as a map cares.

    Attributes
    ----------
    size, align : int
        Bytes (``unsafe.Sizeof``, ``unsafe.Alignof``).
    pointers : bool
        It holds pointers, so the collector scans it.
    reflexive : bool
        Every value equals itself. False for floats, complex numbers, interfaces, and what holds
        one: NaN can be stored again and again and never be found.
    update_key : bool
        Equal keys can be different ones (+0 and -0, strings with different backing), so a store
        to an entry that exists replaces its key (Go: ``needkeyupdate``).
    dynamic : bool
        It holds interfaces: values of different types differ, and some cannot be hashed.
    """

    size: int
    align: int = 8
    pointers: bool = False
    reflexive: bool = True
    update_key: bool = False
    dynamic: bool = False

    def array(self, n: int) -> Part:
        """Return the type of an array of `n` of these."""
        return replace(self, size=self.size * n, pointers=self.pointers and n > 0)

    @classmethod
    def of(cls, t: Type) -> Part:
        """Return what a map cares about in `t` (``types.IsReflexive``, ``needkeyupdate``)."""
        inner = [cls.of(part) for part in _parts(t)]
        return cls(
            t.size,
            t.align,
            pointers=not t.noscan,
            reflexive=t.kind not in _NOT_REFLEXIVE and all(p.reflexive for p in inner),
            update_key=t.kind in _MANY_FORMS or any(p.update_key for p in inner),
            dynamic=t.kind is Kind.INTERFACE or any(p.dynamic for p in inner),
        )


_NOT_REFLEXIVE: Final = {
    Kind.FLOAT32,
    Kind.FLOAT64,
    Kind.COMPLEX64,
    Kind.COMPLEX128,
    Kind.INTERFACE,
}
_MANY_FORMS: Final = _NOT_REFLEXIVE | {Kind.STRING}
_NO_KEYS: Final = {Kind.SLICE, Kind.MAP, Kind.FUNC}


def _parts(t: Type) -> list[Type]:
    """The types of the values within a value of `t`."""
    if t.kind is Kind.ARRAY:
        assert t.elem is not None
        return [t.elem]
    return [f.type for f in t.fields]


def _can_be_key(t: Type) -> bool:
    return t.kind not in _NO_KEYS and all(map(_can_be_key, _parts(t)))


INT: Final = Part(8)
INT32: Final = Part(4, 4)
BYTE: Final = Part(1, 1)
BOOL: Final = Part(1, 1)
FLOAT64: Final = Part(8, reflexive=False, update_key=True)
STRING: Final = Part(16, pointers=True, update_key=True)
POINTER: Final = Part(8, pointers=True)
SLICE: Final = Part(24, pointers=True)
ANY: Final = Part(16, pointers=True, reflexive=False, update_key=True, dynamic=True)
EMPTY_STRUCT: Final = Part(0, 1)


def _type_name(value: object) -> str:
    return type(value).__name__


def _none() -> Any:
    return None


@dataclass(frozen=True, slots=True)
class MapType:
    """A map type.

    Attributes
    ----------
    key, elem : Part
        Its key and element types.
    zero : callable
        Makes the element type's zero value, which reading an absent key gives.
    type_name : callable
        Names the dynamic type of a value for "hash of unhashable type T".
    name : str
        As Go source would write it.
    key_type, elem_type : Type or None
        The whole types, where :meth:`of` made the map type of them.
    """

    key: Part
    elem: Part
    zero: Callable[[], Any] = _none
    type_name: Callable[[object], str] = _type_name
    name: str = "map"
    key_type: Type | None = None
    elem_type: Type | None = None

    @classmethod
    def of(cls, key: Type, elem: Type) -> MapType:
        """Return ``map[key]elem``.

        Raises
        ------
        ValueError
            If `key` cannot be compared, with the compiler's words.

        Examples
        --------
        >>> from gosim.memory.types import INT, STRING
        >>> MapType.of(STRING, INT).name
        'map[string]int'
        """
        if not _can_be_key(key):
            raise ValueError(f"invalid map key type {key}")
        return cls(
            Part.of(key),
            Part.of(elem),
            zero=partial(zero_value, elem),
            name=map_of(key, elem).name,
            key_type=key,
            elem_type=elem,
        )


def _up(size: int, align: int) -> int:
    return -(-size // align) * align


def _inline(part: Part) -> Part:
    return POINTER if part.size > MAX_INLINE else part


class Layout:
    """The sizes of one map type in one version of Go.

    Attributes
    ----------
    bucket_size : int
        Bytes of a bucket before rounding.
    group_size : int
        Bytes of a group before rounding.
    pointers : bool
        Buckets or groups hold pointers. (A bucket's link to its overflow bucket is not counted as
        one where they do not: ``hmap.extra`` keeps those alive.)
    key_outside, elem_outside : bool
        Keys, elements are stored by pointer: each is an object of its own.
    outside : bool
        One of them is.
    key_points, elem_points : bool
        Keys, elements in the slots hold pointers.
    """

    __slots__ = (
        "features",
        "bucket_size",
        "group_size",
        "pointers",
        "key_outside",
        "elem_outside",
        "outside",
        "key_points",
        "elem_points",
    )

    def __init__(self, typ: MapType, features: MemoryFeatures) -> None:
        key, elem = _inline(typ.key), _inline(typ.elem)
        self.features = features
        self.pointers = key.pointers or elem.pointers
        self.key_outside = typ.key.size > MAX_INLINE
        self.elem_outside = typ.elem.size > MAX_INLINE
        self.outside = self.key_outside or self.elem_outside
        self.key_points = typ.key.pointers and not self.key_outside
        self.elem_points = typ.elem.pointers and not self.elem_outside
        self.bucket_size = SLOTS + SLOTS * (key.size + elem.size) + POINTER_BYTES
        # A slot is struct{key; elem}: a last field of no size is given a byte, lest its address be
        # the next object's.
        end = _up(key.size, elem.align) + elem.size
        if elem.size == 0 and end > 0:
            end += 1
        slot = _up(end, max(key.align, elem.align))
        # The slots may be of no size either; they then get a word behind the control word.
        self.group_size = 8 + (SLOTS * slot or 8)
