"""What a printer needs to know of values: their types, methods, parts and addresses."""

from __future__ import annotations

import functools
import math
import operator
import weakref
from collections.abc import Iterable
from typing import Any

from gosim.golang.values import rtype as types
from gosim.golang.values.maps import NIL_MAP
from gosim.golang.values.pointers import ElementPointer, FieldPointer
from gosim.golang.values.rtype import Field, RType, rtype
from gosim.golang.values.slices import Slice
from gosim.golang.values.strings import encode
from gosim.runtime.panic import PanicNilError, RuntimeError_
from gosim.std import reflect

__all__ = [
    "address",
    "compare",
    "elements",
    "field",
    "foreign",
    "is_nil",
    "methods",
    "octets",
    "printable",
    "sorted_pairs",
    "target",
    "type_of",
]

_WANTED = (
    ("Error", "func() string"),
    ("String", "func() string"),
    ("GoString", "func() string"),
    ("Format", "func(fmt.State, int32)"),
)
_NONE = (False, False, False, False)

_foreign: weakref.WeakKeyDictionary[type, dict[str, RType]] = weakref.WeakKeyDictionary()
_methods: weakref.WeakKeyDictionary[RType, tuple[bool, ...]] = weakref.WeakKeyDictionary()


def type_of(value: Any) -> RType:
    """Return the dynamic type of a value in an interface that is not nil."""
    return rtype(type(value)) or foreign(value)


# -- Python objects that are no values of Go ------------------------------------------------------


def foreign(value: Any) -> RType:
    """Return a type for an object of gosim's own, such as the error of a run-time panic."""
    cls = type(value)
    name = _runtime_type(value) if isinstance(value, RuntimeError_) else reflect.type_name(value)
    known = _foreign.setdefault(cls, {})
    t = known.get(name)
    if t is None:
        t = known[name] = RType(types.POINTER if name[0] == "*" else types.STRUCT, name)
        if t.kind == types.POINTER:
            t.elem = RType(types.INVALID, name[1:])
            declared = getattr(cls, "__go_fields__", None)
            if declared is not None:
                t.elem.kind = types.STRUCT
                t.elem.fields = tuple(_foreign_field(text) for text in declared)
        t.methods = {
            go: "func() string"
            for go, python in (("Error", "error"), ("String", "string"))
            if callable(getattr(cls, go, None)) or reflect.method(value, python) is not None
        }
    return t


def _runtime_type(value: RuntimeError_) -> str:
    """Return the type that the runtime gives the value of a panic of its own."""
    given = getattr(value, "__go_type__", None)
    if given is not None:
        return str(given)
    if isinstance(value, PanicNilError):
        return "*runtime.PanicNilError"
    if not value.text.startswith("runtime error: "):
        return "runtime.plainError"
    if " out of range [" in value.text or "cannot convert slice" in value.text:
        return "runtime.boundsError"
    return "runtime.errorString"


def _foreign_field(text: str) -> Field:
    name, _, kind = text.partition(" ")
    t = _KINDS.get(kind)
    if t is None:
        t = types.slice_of(types.ERROR) if kind == "[]error" else types.ANY

    def get(raw: Any) -> Any:
        value = getattr(raw, name)
        if isinstance(value, str):
            return encode(value)
        if isinstance(value, (list, tuple)):
            return Slice(list(value), 0, len(value), len(value))
        return value

    return Field(name, t, get, name[:1].isupper())


_KINDS = {**types.BASIC, "error": types.ERROR}


def is_foreign(value: Any, name: str) -> bool:
    """Tell whether a method is known only under its Python name."""
    return not hasattr(type(value), name)


def foreign_text(value: Any, name: str) -> str:
    """Call a method by its Python name; returns readable text."""
    found = reflect.method(value, {"Error": "error", "String": "string"}[name])
    assert found is not None
    return str(found())


# -- methods --------------------------------------------------------------------------------------


def methods(t: RType) -> tuple[bool, ...]:
    """Tell which of ``Error String GoString Format`` are in the method set, as fmt wants them."""
    found = _methods.get(t)
    if found is None:
        has = t.methods
        found = tuple(has.get(name) == text for name, text in _WANTED) if has else _NONE
        _methods[t] = found
    return found


def printable(t: RType) -> bool:
    """Tell whether values of a type have any method that prints them."""
    return bool(t.methods) and True in methods(t)


# -- parts ----------------------------------------------------------------------------------------


def field(raw: Any, f: Field) -> Any:
    """Return the value of a field of a struct's object."""
    attribute: Any = f.attribute
    return getattr(raw, attribute) if type(attribute) is str else attribute(raw)


def target(raw: Any, t: RType) -> Any:
    """Return what a pointer that is not nil points to."""
    assert t.elem is not None
    return raw if t.elem.kind in (types.STRUCT, types.ARRAY) else raw.v


def is_nil(raw: Any, t: RType) -> bool:
    """Tell whether a value of a kind that has a nil is nil."""
    if t.kind == types.SLICE:
        return raw.a is None
    if t.kind == types.MAP:
        return raw is None or raw is NIL_MAP
    return raw is None


def elements(raw: Any, t: RType) -> Iterable[Any]:
    """Return the elements of a slice or array."""
    if t.kind == types.SLICE:
        return raw.a[raw.o : raw.o + raw.n] if raw.n else ()
    items: Iterable[Any] = raw
    return items


def octets(raw: Any, t: RType) -> bytes | bytearray:
    """Return the bytes of a slice or array of them."""
    items = elements(raw, t)
    return items if isinstance(items, (bytes, bytearray)) else bytes(items)


def address(raw: Any, t: RType) -> int:
    """Return the address that a pointer-like value prints as; 0 for nil.

    Go's differ from run to run; these count up in the order in which a run asks for them.
    """
    if is_nil(raw, t):
        return 0
    if t.kind == types.SLICE:
        return reflect.address(raw.a) + 8 * int(raw.o)
    # Pointers to the same place are equal, but not one object.
    if isinstance(raw, ElementPointer):
        return reflect.address(raw.a) + 8 * raw.i
    if isinstance(raw, FieldPointer):
        names = getattr(type(raw.of), "__slots__", ())
        return reflect.address(raw.of) + 8 * (names.index(raw.name) if raw.name in names else 0)
    return reflect.address(raw)


# -- the order of map keys (Go: internal/fmtsort) -------------------------------------------------


def sorted_pairs(raw: Any, t: RType) -> list[tuple[Any, Any]]:
    """Return keys and values of a map in the order in which Go prints them."""
    if is_nil(raw, t):
        return []
    pairs = list(raw.items())
    key = t.key
    assert key is not None
    if key.kind in _PLAIN:
        pairs.sort(key=operator.itemgetter(0))
    else:
        order = functools.cmp_to_key(lambda a, b: compare(a, b, key))
        pairs.sort(key=lambda pair: order(pair[0]))
    return pairs


_PLAIN = frozenset((*range(types.BOOL, types.UINTPTR + 1), types.STRING))


def compare(a: Any, b: Any, t: RType) -> int:
    """Compare two map keys of a type; -1, 0 or 1.

    Nil first, values of different types in an interface by where the types are, NaN before the
    numbers, structs and arrays part by part, pointers by address.
    """
    kind = t.kind
    if kind in _PLAIN:
        return int(a > b) - int(a < b)
    if kind in (types.FLOAT32, types.FLOAT64):
        return _floats(a, b)
    if kind in (types.COMPLEX64, types.COMPLEX128):
        return _floats(a.real, b.real) or _floats(a.imag, b.imag)
    if kind == types.STRUCT:
        parts = ((field(a, f), field(b, f), f.type) for f in t.fields)
        return next((c for x, y, kind in parts if (c := compare(x, y, kind))), 0)
    if kind == types.ARRAY:
        assert t.elem is not None
        elem = t.elem
        return next((c for x, y in zip(a, b, strict=True) if (c := compare(x, y, elem))), 0)
    if kind == types.INTERFACE:
        if a is None or b is None:
            return (a is not None) - (b is not None)
        ta, tb = type_of(a), type_of(b)
        if ta is not tb:
            return _order(ta, tb)
        return compare(types.unbox(a), types.unbox(b), ta)
    x, y = address(a, t), address(b, t)
    return (x > y) - (x < y)


# Descriptors of one size lie in this order.
_BASIC_ORDER = [
    "string",
    *("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "int", "uint"),
    *("uintptr", "complex64", "complex128", "float32", "float64", "bool"),
]
_SIZES = {
    types.ARRAY: 72,
    types.CHAN: 64,
    types.FUNC: 56,
    types.INTERFACE: 80,
    types.POINTER: 56,
    types.SLICE: 56,
    types.STRUCT: 80,
}


def _place(t: RType) -> tuple[int, int, int, str]:
    """Say where the linker puts the descriptor of a type.

    First come types without a name, by their text, then the others by the size of the descriptor
    (Go 1.27; earlier ones are in another order that is as arbitrary).
    """
    if not t.name:
        return 0, 0, 0, t.text
    size = _SIZES.get(t.kind, 48) + 16 + 16 * len(t.methods) + 24 * len(t.fields)
    return 1, size, 0 if t.pkg else 1 + _BASIC_ORDER.index(t.name), t.text


def _order(a: RType, b: RType) -> int:
    x, y = _place(a), _place(b)
    return (x > y) - (x < y)


def _floats(a: float, b: float) -> int:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(b) - math.isnan(a)
    return (a > b) - (a < b)
