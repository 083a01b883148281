"""Types as the runtime sees them: size, alignment, pointers, layout (Go: ``internal/abi/type.go``).

Sizes are those of the compiler gc on 64-bit systems (``cmd/compile/internal/types/size.go``); they
are the same in all versions from 1.21 to 1.27.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final

from gosim.memory.errors import Misuse

PTR_SIZE: Final = 8


class Kind(Enum):
    """What a type is made as, under the name that ``reflect.Kind`` prints."""

    BOOL = "bool"
    INT = "int"
    INT8 = "int8"
    INT16 = "int16"
    INT32 = "int32"
    INT64 = "int64"
    UINT = "uint"
    UINT8 = "uint8"
    UINT16 = "uint16"
    UINT32 = "uint32"
    UINT64 = "uint64"
    UINTPTR = "uintptr"
    FLOAT32 = "float32"
    FLOAT64 = "float64"
    COMPLEX64 = "complex64"
    COMPLEX128 = "complex128"
    ARRAY = "array"
    CHAN = "chan"
    FUNC = "func"
    INTERFACE = "interface"
    MAP = "map"
    POINTER = "ptr"
    SLICE = "slice"
    STRING = "string"
    STRUCT = "struct"
    UNSAFE_POINTER = "unsafe.Pointer"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a struct: name, type and where it begins, in bytes from the struct's start."""

    name: str
    type: Type
    offset: int


@dataclass(frozen=True, slots=True)
class Type:
    """A run-time type descriptor (``abi.Type``).

    Two types are equal when everything about them is. Make them with the functions of this module.

    Attributes
    ----------
    kind : Kind
        What it is made as.
    name : str
        As Go source would write it; what ``%v`` of a ``reflect.Type`` prints may differ.
    size, align : int
        Bytes, and the multiple of bytes at which a value begins.
    ptrdata : int
        Bytes up to the end of the last pointer in a value; the collector looks no further.
    elem : Type or None
        Element of an array, slice, pointer, channel or map.
    key : Type or None
        Key of a map.
    length : int
        Number of elements of an array.
    fields : tuple of Field
        Fields of a struct.
    make : callable or None
        Makes the Python form of a zero value, given the type, where :func:`zero_value` has none of
        its own: an array or a struct that can be changed, a nil slice.
    known : set of type
        Python's classes of which every instance is a value of this type, as far as :func:`taken`
        has met them: who stores many values looks here first.
    """

    kind: Kind
    name: str
    size: int
    align: int
    ptrdata: int = 0
    elem: Type | None = None
    key: Type | None = None
    length: int = 0
    fields: tuple[Field, ...] = ()
    _words: tuple[int, ...] = field(default=(), repr=False, compare=False)
    make: Callable[[Type], Any] | None = field(default=None, repr=False, compare=False)
    known: set[type] = field(default_factory=set, init=False, repr=False, compare=False)

    @property
    def changeable(self) -> bool:
        """Whether a value can be changed in place, so that no two places may share one."""
        return self.make is not None and self.kind in (Kind.ARRAY, Kind.STRUCT)

    @property
    def noscan(self) -> bool:
        """Whether its values hold no pointers, so that the collector passes them over."""
        return self.ptrdata == 0

    def offsetof(self, name: str) -> int:
        """Return where the field `name` begins (``unsafe.Offsetof``)."""
        for f in self.fields:
            if f.name == name:
                return f.offset
        raise KeyError(f"{self.name} has no field {name}")

    def pointer_offsets(self) -> Iterator[int]:
        """Yield the offsets of the words that hold pointers, in order."""
        if self.kind is Kind.ARRAY:
            if self.elem is None or self.elem.noscan:
                return
            for i in range(self.length):
                for offset in self.elem.pointer_offsets():
                    yield i * self.elem.size + offset
        elif self.kind is Kind.STRUCT:
            for f in self.fields:
                for offset in f.type.pointer_offsets():
                    yield f.offset + offset
        else:
            yield from self._words

    def __str__(self) -> str:
        return self.name


def _number(kind: Kind, size: int, align: int = 0) -> Type:
    return Type(kind, kind.value, size, align or size)


def _word(kind: Kind, name: str, elem: Type | None = None, key: Type | None = None) -> Type:
    """A type whose values are one pointer."""
    return Type(kind, name, PTR_SIZE, PTR_SIZE, PTR_SIZE, elem, key, _words=(0,))


BOOL: Final = _number(Kind.BOOL, 1)
INT: Final = _number(Kind.INT, 8)
INT8: Final = _number(Kind.INT8, 1)
INT16: Final = _number(Kind.INT16, 2)
INT32: Final = _number(Kind.INT32, 4)
INT64: Final = _number(Kind.INT64, 8)
UINT: Final = _number(Kind.UINT, 8)
UINT8: Final = _number(Kind.UINT8, 1)
UINT16: Final = _number(Kind.UINT16, 2)
UINT32: Final = _number(Kind.UINT32, 4)
UINT64: Final = _number(Kind.UINT64, 8)
UINTPTR: Final = _number(Kind.UINTPTR, 8)
FLOAT32: Final = _number(Kind.FLOAT32, 4)
FLOAT64: Final = _number(Kind.FLOAT64, 8)
COMPLEX64: Final = _number(Kind.COMPLEX64, 8, 4)
COMPLEX128: Final = _number(Kind.COMPLEX128, 16, 8)
BYTE: Final = UINT8
RUNE: Final = INT32
# A string is a pointer and a length; an interface is a type and a pointer to the value, and the
# collector looks at both words.
STRING: Final = Type(Kind.STRING, "string", 16, 8, PTR_SIZE, _words=(0,))
ANY: Final = Type(Kind.INTERFACE, "any", 16, 8, 2 * PTR_SIZE, _words=(0, PTR_SIZE))
ERROR: Final = replace(ANY, name="error")
UNSAFE_POINTER: Final = _word(Kind.UNSAFE_POINTER, "unsafe.Pointer")


def pointer_to(elem: Type | None, name: str = "") -> Type:
    """Return ``*elem``. For a type that points at itself, `elem` is None and `name` says it."""
    return _word(Kind.POINTER, name or f"*{elem}", elem)


def map_of(key: Type, elem: Type) -> Type:
    """Return ``map[key]elem``: one pointer to the map's header."""
    return _word(Kind.MAP, f"map[{key}]{elem}", elem, key)


def chan_of(elem: Type) -> Type:
    """Return ``chan elem``: one pointer."""
    return _word(Kind.CHAN, f"chan {elem}", elem)


def func_of(signature: str = "func()") -> Type:
    """Return a function type: one pointer to a closure."""
    return _word(Kind.FUNC, signature)


def interface_of(name: str) -> Type:
    """Return an interface type with methods; it is laid out as ``any``."""
    return Type(Kind.INTERFACE, name, 16, 8, 2 * PTR_SIZE, _words=(0, PTR_SIZE))


def slice_of(elem: Type) -> Type:
    """Return ``[]elem``: pointer, length and capacity."""
    return Type(Kind.SLICE, f"[]{elem}", 24, 8, PTR_SIZE, elem, _words=(0,))


def array_of(elem: Type, length: int) -> Type:
    """Return ``[length]elem``.

    Raises
    ------
    ValueError
        For a negative length, with the compiler's words.
    """
    if length < 0:
        raise ValueError(f"invalid array length {length}")
    ptrdata = (length - 1) * elem.size + elem.ptrdata if length and elem.ptrdata else 0
    name = f"[{length}]{elem}"
    return Type(Kind.ARRAY, name, length * elem.size, elem.align, ptrdata, elem, length=length)


def struct_of(*members: tuple[str, Type], name: str = "") -> Type:
    """Return a struct type laid out as gc does.

    Each field begins at the next multiple of its alignment, and the size is a multiple of the
    largest alignment. A last field of no bytes gets one byte of padding behind it (unless the
    whole struct has no bytes), so that a pointer to it does not point at the next object.

    Parameters
    ----------
    *members
        Name and type of each field, in order.
    name : str
        Name of the type; its literal when left out.

    Examples
    --------
    >>> struct_of(("a", BOOL), ("b", INT64), ("c", BOOL)).size
    24
    >>> struct_of(("n", INT32), ("end", struct_of())).size
    8
    """
    fields = []
    end = ptrdata = 0
    align = 1
    for label, t in members:
        offset = _round_up(end, t.align)
        fields.append(Field(label, t, offset))
        end = offset + t.size
        align = max(align, t.align)
        if t.ptrdata:
            ptrdata = offset + t.ptrdata
    if end and not fields[-1].type.size:
        end += 1
    if not name:
        inner = "; ".join(f"{label} {t}" for label, t in members)
        name = f"struct {{ {inner} }}" if inner else "struct {}"
    size = _round_up(end, align)
    return Type(Kind.STRUCT, name, size, align, ptrdata, fields=tuple(fields))


def _round_up(n: int, multiple: int) -> int:
    return -(-n // multiple) * multiple


_NUMBERS: Final = frozenset(
    kind for kind in Kind if kind.value.startswith(("int", "uint")) and kind.value != "interface"
)


def zero_value(t: Type) -> object:
    """Return the Python form of the zero value of `t`.

    Numbers are 0, 0.0 or 0j; strings ``""``; what the type can make itself is that; other arrays
    and structs are the tuple of their parts' zeros; nil is None.
    """
    if t.make is not None:
        return t.make(t)
    if t.kind in _NUMBERS:
        return 0
    match t.kind:
        case Kind.BOOL:
            return False
        case Kind.FLOAT32 | Kind.FLOAT64:
            return 0.0
        case Kind.COMPLEX64 | Kind.COMPLEX128:
            return 0j
        case Kind.STRING:
            return ""
        case Kind.ARRAY:
            assert t.elem is not None
            return (zero_value(t.elem),) * t.length
        case Kind.STRUCT:
            return tuple(zero_value(f.type) for f in t.fields)
        case _:
            return None


# ------------------------------------------------------------------------- values of a type

_BOUNDS: Final = {
    kind: (0, (1 << bits) - 1) if unsigned else (-1 << bits - 1, (1 << bits - 1) - 1)
    for kind in _NUMBERS
    for unsigned in (kind.value.startswith("u"),)
    for bits in (int(kind.value.lstrip("uintpr") or 64),)
}
_MADE_IN_PYTHON: Final = 1 << 9  # Py_TPFLAGS_HEAPTYPE
_NO_POINTERS: Final = (int, float, complex, str, bytes, bytearray)
_NILS: Final = {
    Kind.CHAN,
    Kind.FUNC,
    Kind.INTERFACE,
    Kind.MAP,
    Kind.POINTER,
    Kind.SLICE,
    Kind.UNSAFE_POINTER,
}


def taken(t: Type, value: Any) -> Any:
    """Return `value` as it lies in memory of type `t`.

    A Python int becomes a float where Go's constant would. What gosim knows nothing of, an object
    of a class of the program's, passes for a pointer.

    Raises
    ------
    Misuse
        It is no value of this type.

    Examples
    --------
    >>> taken(FLOAT64, 1), taken(INT8, -128)
    (1.0, -128)
    >>> taken(UINT8, 256)
    Traceback (most recent call last):
        ...
    gosim.memory.errors.Misuse: 256 is no byte: those are 0 to 255
    """
    cls = type(value)
    if cls in t.known:
        return value
    kind = t.kind
    if kind is Kind.INTERFACE:
        return value
    own = getattr(value, "__gosim_is__", None)
    if own is not None:
        if not own(t):
            raise Misuse(f"{value!r} is no {_said(t)}")
        if not isinstance(getattr(cls, "go_type", None), Type):
            return value  # another instance may be of another type
    elif kind in _NUMBERS:
        whole_number(t, value)
        if t.size < PTR_SIZE or not _BOUNDS[kind][0]:
            return value
    elif kind is Kind.FLOAT32:
        if not isinstance(value, (int, float)):
            raise Misuse(f"{value!r} is no {_said(t)}")
        return array("f", (value,))[0]
    elif kind is Kind.FLOAT64 or kind in (Kind.COMPLEX64, Kind.COMPLEX128):
        number = float if kind is Kind.FLOAT64 else complex
        if not isinstance(value, number):
            if not isinstance(value, (int, float)):
                raise Misuse(f"{value!r} is no {_said(t)}")
            return number(value)
    elif kind is Kind.BOOL or kind is Kind.STRING:
        if not isinstance(value, bool if kind is Kind.BOOL else (str, bytes)):
            raise Misuse(f"{value!r} is no {_said(t)}")
    elif value is None:
        if kind not in _NILS or (t.make is not None and kind is Kind.SLICE):
            hint = "; nil_slice(T) makes an empty one" if kind is Kind.SLICE else ""
            raise Misuse(f"None is no {t}{hint}")
    elif kind is Kind.STRUCT or kind is Kind.ARRAY:
        if t.make is not None or not isinstance(value, tuple):
            raise Misuse(f"{value!r} is no {_said(t)}")
    elif kind is Kind.SLICE or isinstance(value, _NO_POINTERS):
        raise Misuse(f"{value!r} is no {_said(t)}")
    if own is not None or kind is Kind.POINTER or not cls.__flags__ & _MADE_IN_PYTHON:
        t.known.add(cls)
    # Else the type may be one of this module's, and would keep a program's class for ever.
    return value


def whole_number(t: Type, value: object) -> int:
    """Return `value` if it is a number of the integer type `t`.

    Raises
    ------
    Misuse
        It is not, or it is too large.
    """
    if not isinstance(value, int):
        raise Misuse(f"{value!r} is no {_said(t)}")
    low, high = _BOUNDS[t.kind]
    if not low <= value <= high:
        raise Misuse(f"{value} is no {_said(t)}: those are {low} to {high}")
    return value


def _said(t: Type) -> str:
    return "byte" if t.name == "uint8" else t.name


_PYTHON: Final[dict[object, Type]] = {
    int: INT,
    float: FLOAT64,
    complex: COMPLEX128,
    bool: BOOL,
    str: STRING,
    object: ANY,
    Any: ANY,
    None: ANY,
}
_INSTEAD: Final[dict[object, str]] = {
    bytes: "use a slice of bytes: slice_type(BYTE)",
    bytearray: "use a slice of bytes: slice_type(BYTE)",
    list: "use slice_type(elem) or array_type(elem, n)",
    tuple: "use array_type(elem, n), or a struct",
    dict: "use map_type(key, elem)",
    set: "use map_type(key, bool)",
}


def as_type(kind: object) -> Type:
    """Return the type that a Python program means by `kind`.

    Parameters
    ----------
    kind : object
        ``int``, ``float``, ``complex``, ``bool``, ``str`` or ``object`` (Go's ``any``); a
        :class:`Type`; or a class that says its type in an attribute ``go_type``, as struct classes
        do.

    Raises
    ------
    TypeError
        For anything else, with what to write instead.

    Examples
    --------
    >>> as_type(int).name, as_type(INT8).name
    ('int', 'int8')
    """
    if isinstance(kind, Type):
        return kind
    try:
        known = _PYTHON.get(kind)
    except TypeError:  # unhashable
        known = None
    if known is not None:
        return known
    if isinstance(kind, type):
        own = getattr(kind, "go_type", None)
        if isinstance(own, Type):
            return own
        instead = next((hint for base, hint in _INSTEAD.items() if kind is base), None)
        if instead is None:
            instead = f"make {kind.__name__} a @struct, or use ptr({kind.__name__!r})"
        raise TypeError(f"the class {kind.__name__} is no Go type; {instead}")
    raise TypeError(
        f"{kind!r} is no Go type; use int, float, bool, str, object (Go's any), a name of "
        "gosim.types such as INT32, ptr(T), array_type(T, n), slice_type(T) or a @struct class"
    )


# ------------------------------------------------------------------------- where the bytes go


@dataclass(frozen=True, slots=True)
class Piece:
    """A field of a struct, or a run of padding.

    Attributes
    ----------
    offset, size : int
        Bytes.
    name : str
        The field, with dots for a struct within the struct; ``""`` for padding.
    type : Type or None
        None for padding.
    why : str
        What padding is good for.
    """

    offset: int
    size: int
    name: str
    type: Type | None
    why: str = ""


def layout(t: Type | type) -> list[Piece]:
    """Return the bytes of struct `t` from first to last: fields, and padding between and behind.

    A struct within the struct is shown field by field, an array as one piece (what padding its
    elements have is in :func:`padding_bytes`).
    """
    return list(_pieces(as_type(t), 0, ""))


def _pieces(t: Type, base: int, prefix: str) -> Iterator[Piece]:
    end = 0
    for f in t.fields:
        name = prefix + f.name
        if f.offset > end:
            why = f"{name} begins at a multiple of {f.type.align}"
            yield Piece(base + end, f.offset - end, "", None, why)
        if f.type.kind is Kind.STRUCT and f.type.fields:
            yield from _pieces(f.type, base + f.offset, f"{name}.")
        else:
            yield Piece(base + f.offset, f.type.size, name, f.type)
        end = f.offset + f.type.size
    if t.size > end:
        whole = prefix.removesuffix(".") or "the struct"
        why = f"the size of {whole} is a multiple of {t.align}"
        if not t.fields[-1].type.size:
            why = f"a pointer to {prefix}{t.fields[-1].name} stays within {whole}"
        yield Piece(base + end, t.size - end, "", None, why)


def padding_bytes(t: Type | type) -> int:
    """Return the bytes of a value of `t` that hold nothing, at any depth."""
    t = as_type(t)
    if t.kind is Kind.ARRAY:
        assert t.elem is not None
        return t.length * padding_bytes(t.elem)
    if t.kind is not Kind.STRUCT:
        return 0
    return t.size - sum(f.type.size - padding_bytes(f.type) for f in t.fields)


def tightest(t: Type | type) -> Type:
    """Return struct `t` with its fields in an order that takes the fewest bytes.

    From the largest alignment to the smallest nothing is left between two fields, because the size
    of every Go type is a multiple of its alignment; fields of no bytes go first, where they need
    no padding behind them. Fields of equal alignment stay in order. A struct within is left as it
    is. (The name says nothing about the order; a named type keeps its name.)
    """
    t = as_type(t)
    members = sorted(t.fields, key=lambda f: (f.type.size != 0, -f.type.align))
    name = "" if t.name.startswith("struct {") else t.name
    return struct_of(*((f.name, f.type) for f in members), name=name)


_DRAWN: Final = 24


def draw(t: Type | type) -> str:
    """Draw struct `t` (or struct class) as text: a line for each field and each run of padding.

    One ``█`` stands for a byte of a field, one ``·`` for a byte of padding; a long field ends
    in ``…``.

    Examples
    --------
    >>> print(draw(struct_of(("a", BOOL), ("b", INT64), name="T")))
    T: 16 bytes, 7 of them padding, aligned to 8
    offset  size
         0     1  █         a bool
         1     7  ·······   padding: b begins at a multiple of 8
         8     8  ████████  b int64
    """
    t = as_type(t)
    pieces = layout(t)
    lost = padding_bytes(t)
    bars = [_bar(p) for p in pieces]
    width = max(map(len, bars), default=0)
    lines = [
        f"{t.name}: {_count(t.size)}, {lost or 'none'} of them padding, aligned to {t.align}"
        if t.size
        else f"{t.name}: 0 bytes",
    ]
    if pieces:
        lines.append("offset  size")
    for piece, bar in zip(pieces, bars, strict=True):
        what = f"{piece.name} {piece.type}" if piece.type else f"padding: {piece.why}"
        lines.append(f"{piece.offset:6}  {piece.size:4}  {bar:{width}}  {what}")
    return "\n".join(lines)


def _count(n: int) -> str:
    return "1 byte" if n == 1 else f"{n} bytes"


def _bar(piece: Piece) -> str:
    mark = "█" if piece.type else "·"
    return mark * piece.size if piece.size <= _DRAWN else mark * (_DRAWN - 1) + "…"
