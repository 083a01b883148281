"""Sizes of types as the gc compiler lays them out on 64-bit machines."""

from __future__ import annotations

from gosim.golang.types.predicates import is_complex
from gosim.golang.types.types import (
    BOOL,
    COMPLEX64,
    COMPLEX128,
    FLOAT32,
    FLOAT64,
    INT8,
    INT16,
    INT32,
    INT64,
    IS_STRING,
    STRING,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    Array,
    Basic,
    Interface,
    Slice,
    Struct,
    Type,
    as_named,
)

#: Bytes of a word, and the largest alignment.
WORD = 8
MAX_ALIGN = 8

_MAX = (1 << 63) - 1
_BASIC = {
    BOOL: 1,
    INT8: 1,
    INT16: 2,
    INT32: 4,
    INT64: 8,
    UINT8: 1,
    UINT16: 2,
    UINT32: 4,
    UINT64: 8,
    FLOAT32: 4,
    FLOAT64: 8,
    COMPLEX64: 8,
    COMPLEX128: 16,
    STRING: 2 * WORD,
}


def _align(x: int, a: int) -> int:
    return (x + a - 1) // a * a


def _is_atomic_align64(t: Type) -> bool:
    # The struct it is a field of has to be aligned to 8 bytes.
    named = as_named(t)
    if named is None:
        return False
    obj = named.origin.obj
    return (
        obj.name == "align64"
        and obj.pkg is not None
        and obj.pkg.path in ("sync/atomic", "internal/runtime/atomic")
    )


class _Layout:
    """Sizes and alignments found so far: types share their parts."""

    __slots__ = ("aligns", "sizes")

    def __init__(self) -> None:
        self.aligns: dict[Type, int] = {}
        self.sizes: dict[Type, int] = {}

    def alignof(self, t: Type) -> int:
        """See `alignof`."""
        found = self.aligns.get(t)
        if found is None:
            found = self.aligns[t] = self._alignof(t)
        return found

    def _alignof(self, t: Type) -> int:
        u = t.underlying()
        if type(u) is Array:
            return self.alignof(u.elem)
        if type(u) is Struct:
            if not u.fields and _is_atomic_align64(t):
                return 8
            return max([1, *[self.alignof(f.type) for f in u.fields]])
        if type(u) is Slice or type(u) is Interface:
            return WORD
        if type(u) is Basic and u.info & IS_STRING:
            return WORD
        a = self.sizeof(t)
        if a < 1:
            return 1
        if is_complex(t):
            a //= 2
        return min(a, MAX_ALIGN)

    def offsetsof(self, struct: Struct) -> list[int]:
        """See `offsetsof`."""
        offsets = []
        at = 0
        for f in struct.fields:
            if at < 0:
                offsets.append(-1)
                continue
            at = _align(at, self.alignof(f.type))
            if at > _MAX:
                at = -1
            offsets.append(at)
            size = self.sizeof(f.type)
            at = at + size if size >= 0 and at >= 0 else -1
            if at > _MAX:
                at = -1
        return offsets

    def sizeof(self, t: Type) -> int:
        """See `sizeof`."""
        found = self.sizes.get(t)
        if found is None:
            found = self.sizes[t] = self._sizeof(t)
        return found

    def _sizeof(self, t: Type) -> int:
        u = t.underlying()
        if type(u) is Basic:
            return _BASIC.get(u.kind, WORD)
        if type(u) is Array:
            if u.len <= 0:
                return 0
            size = self.sizeof(u.elem)
            if size < 0:
                return -1
            size *= u.len
            return size if size <= _MAX else -1
        if type(u) is Slice:
            return 3 * WORD
        if type(u) is Struct:
            if not u.fields:
                return 0
            at = self.offsetsof(u)[-1]
            size = self.sizeof(u.fields[-1].type)
            if at < 0 or size < 0:
                return -1
            # A pointer to a last field without size must not point behind the struct.
            if at > 0 and size == 0:
                size = 1
            size = _align(at + size, self.alignof(u))
            return size if size <= _MAX else -1
        if type(u) is Interface:
            return 2 * WORD
        return WORD


def alignof(t: Type) -> int:
    """Return the alignment of variables of type `t` in bytes, at least 1."""
    return _Layout().alignof(t)


def offsetsof(struct: Struct) -> list[int]:
    """Return the offsets of the fields in bytes; -1 for those too far away."""
    return _Layout().offsetsof(struct)


def offsetof(t: Type, index: list[int]) -> int:
    """Return the offset of the field at the end of a path of fields; -1 if it is too far away."""
    layout = _Layout()
    total = 0
    for i in index:
        s = t.underlying()
        assert isinstance(s, Struct)
        d = layout.offsetsof(s)[i]
        if d < 0:
            return -1
        total += d
        if total > _MAX:
            return -1
        t = s.fields[i].type
    return total


def sizeof(t: Type) -> int:
    """Return the size of variables of type `t` in bytes; -1 if it is too large."""
    u = t.underlying()
    if type(u) is Basic:
        return _BASIC.get(u.kind, WORD)
    return _Layout().sizeof(t)
