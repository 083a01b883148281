"""Sizes, alignments and pointers of types on amd64 (Go: ``go/types/gcsizes.go``), and names.

Also how fields and methods are called in Python.
"""

from __future__ import annotations

import keyword
import re
import unicodedata

from gosim.golang.types.objects import Func, Var, is_exported
from gosim.golang.types.types import (
    Array,
    Basic,
    Chan,
    Interface,
    Map,
    Named,
    Pointer,
    Signature,
    Slice,
    Struct,
    Type,
    unalias,
)

__all__ = ["align", "attribute", "is_aggregate", "method_name", "noscan", "size", "slot", "text"]

_RESERVED = {"copy", "assign", "error", "string", "_", "self", "other", "THIS"}
_PLACEHOLDER = re.compile(r"N\d+_+")
_SIZES = {
    **dict.fromkeys(("bool", "int8", "uint8"), 1),
    **dict.fromkeys(("int16", "uint16"), 2),
    **dict.fromkeys(("int32", "uint32", "float32"), 4),
    "string": 16,
    "complex128": 16,
}


def basic_name(t: Basic) -> str:
    """Return the name of a basic type without its aliases (``byte`` is ``uint8``)."""
    return {"byte": "uint8", "rune": "int32", "Pointer": "unsafe.Pointer"}.get(t.name, t.name)


def size(t: Type) -> int:
    """Return the bytes of a value."""
    u = t.underlying()
    if isinstance(u, Basic):
        return _SIZES.get(basic_name(u), 8)
    if isinstance(u, Array):
        return max(u.len, 0) * size(u.elem)
    if isinstance(u, Slice):
        return 24
    if isinstance(u, Interface):
        return 16
    if isinstance(u, Struct):
        offset = 0
        last = 1
        for field in u.fields:
            a = align(field.type)
            offset = (offset + a - 1) // a * a
            last = size(field.type)
            offset += last
        if offset and not last:
            offset += 1  # a pointer to the last field must not point behind the struct
        a = align(t)
        return (offset + a - 1) // a * a
    return 8


def align(t: Type) -> int:
    """Return the alignment of a type."""
    u = t.underlying()
    if isinstance(u, Array):
        return align(u.elem)
    if isinstance(u, Struct):
        return max([align(f.type) for f in u.fields], default=1)
    if isinstance(u, Basic):
        return min(size(u), 8)
    return 8


def noscan(t: Type) -> bool:
    """Whether values hold no pointers."""
    u = t.underlying()
    if isinstance(u, Basic):
        return basic_name(u) not in ("string", "unsafe.Pointer")
    if isinstance(u, Array):
        return not u.len or noscan(u.elem)
    if isinstance(u, Struct):
        return all(noscan(f.type) for f in u.fields)
    return False


def is_aggregate(t: Type) -> bool:
    """Whether values can be changed in place: structs and arrays."""
    return isinstance(t.underlying(), (Struct, Array))


def slot(name: str) -> str:
    """Return the attribute for a field called `name`."""
    if not name.isascii():
        name = unicodedata.normalize("NFKC", name)
    if (
        name in _RESERVED
        or keyword.iskeyword(name)
        or name.startswith("__")
        or _PLACEHOLDER.fullmatch(name)
    ):
        return name + "_"
    return name


def attribute(struct: Struct, i: int) -> str:
    """Return the attribute for field `i` of a struct."""
    name = struct.fields[i].name
    return f"_{i}_" if name == "_" else slot(name)


def method_name(f: Func | Var) -> str:
    """Return the attribute for a method."""
    if is_exported(f.name):
        return f.name
    path = f.pkg.path if f.pkg is not None else ""
    return f"{path}__{f.name}"


# -- spelling, as package reflect has it -----------------------------------------------------------


def text(t: Type, full: bool = False) -> str:
    """Return what ``%T`` prints for a type; `full`: with import paths."""
    t = unalias(t)
    if isinstance(t, Named):
        name = t.obj.name
        if t.type_args:
            name += f"[{','.join(text(a, True) for a in t.type_args)}]"
        pkg = t.obj.pkg
        if pkg is None:
            return name
        return f"{pkg.path if full else pkg.name}.{name}"
    if isinstance(t, Basic):
        return basic_name(t)
    if isinstance(t, Pointer):
        return "*" + text(t.base, full)
    if isinstance(t, Slice):
        return "[]" + text(t.elem, full)
    if isinstance(t, Array):
        return f"[{t.len}]{text(t.elem, full)}"
    if isinstance(t, Map):
        return f"map[{text(t.key, full)}]{text(t.elem, full)}"
    if isinstance(t, Chan):
        inner = text(t.elem, full)
        if t.dir == 2:
            return "<-chan " + inner
        elem = unalias(t.elem)
        if isinstance(elem, Chan) and elem.dir == 2:
            inner = f"({inner})"
        return ("chan<- " if t.dir == 1 else "chan ") + inner
    if isinstance(t, Signature):
        return "func" + signature_text(t, full)
    if isinstance(t, Struct):
        parts = [
            (text(f.type, full) if f.embedded else f"{f.name} {text(f.type, full)}")
            + (f' "{t.tag(i)}"' if t.tag(i) else "")
            for i, f in enumerate(t.fields)
        ]
        return "struct { " + "; ".join(parts) + " }" if parts else "struct {}"
    if isinstance(t, Interface):
        methods = [f"{m.name}{signature_text(m.type, full)}" for m in t.type_set().methods]
        return "interface { " + "; ".join(methods) + " }" if methods else "interface {}"
    return str(t)


def signature_text(t: Signature, full: bool = False) -> str:
    """Return parameters and results of a function type."""
    params = [text(v.type, full) for v in t.params]
    if t.variadic:
        params[-1] = "..." + params[-1].removeprefix("[]")
    results = [text(v.type, full) for v in t.results]
    shown = f"({', '.join(params)})"
    if len(results) == 1:
        return f"{shown} {results[0]}"
    return f"{shown} ({', '.join(results)})" if results else shown
