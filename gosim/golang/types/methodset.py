"""Method sets of types (Go's ``types.MethodSet``), for the stages behind the checker."""

from __future__ import annotations

from typing import NamedTuple

from gosim.golang.types.lookup import deref, lookup_impl
from gosim.golang.types.objects import Func, Package
from gosim.golang.types.predicates import type_key
from gosim.golang.types.types import Interface, Named, Pointer, Struct, Type, as_named, unalias

__all__ = ["Method", "method_set"]


class Method(NamedTuple):
    """A method of a type.

    `path` is the path of embedded fields that ends in the method's own index; `indirect` says
    that a pointer is followed on the way.
    """

    func: Func
    path: tuple[int, ...]
    indirect: bool


def method_set(t: Type) -> list[Method]:
    """Return the methods that values of type `t` have (spec, "Method sets"), sorted by id.

    Promoted methods are among them; ambiguous ones and, for types that are no pointers, those with
    pointer receivers are not.
    """
    named = as_named(t)
    if named is not None and type(named.underlying()) is Pointer:
        # Pointers with a name have no methods.
        return []
    names: dict[str, tuple[Package | None, str]] = {}
    _collect(t, names, set())
    found = []
    for key in sorted(names):
        pkg, name = names[key]
        obj, index, indirect = lookup_impl(t, False, pkg, name)
        if type(obj) is Func:
            found.append(Method(obj, tuple(index or ()), indirect))
    return found


def _collect(t: Type, names: dict[str, tuple[Package | None, str]], seen: set[object]) -> None:
    # Names of all methods at any depth.
    waiting = [t]
    while waiting:
        typ = unalias(deref(waiting.pop())[0])
        key = type_key(typ)
        if key in seen:
            continue
        seen.add(key)
        if type(typ) is Named:
            for m in typ.origin.methods:
                names.setdefault(m.id(), (m.pkg, m.name))
        u = typ.underlying()
        if type(u) is Struct:
            waiting.extend([f.type for f in u.fields if f.embedded])
        elif type(u) is Interface:
            for m in u.type_set().methods:
                names.setdefault(m.id(), (m.pkg, m.name))
