"""Method sets with the way to each method (Go: ``go/types.NewMethodSet``, spec "Method sets")."""

from __future__ import annotations

from dataclasses import dataclass

from gosim.golang.compile.layout import method_name
from gosim.golang.types.lookup import lookup_field_or_method
from gosim.golang.types.objects import Func, Package
from gosim.golang.types.types import Interface, Named, Pointer, Signature, Struct, Type, unalias

__all__ = ["Method", "field_steps", "method_set"]


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a method set.

    Attributes
    ----------
    attribute : str
        What it is called in Python.
    func : Func
        The declared method (of the origin of a generic type), or that of an interface.
    type : Signature
        With type arguments put in.
    type_args
        Of the type that declares it.
    path
        The embedded fields on the way: struct type and index of each.
    pointer : bool
        Its receiver is a pointer.
    abstract : bool
        An embedded interface has it.
    """

    attribute: str
    func: Func
    type: Signature
    type_args: list[Type]
    path: list[tuple[Struct, int]]
    pointer: bool
    abstract: bool


def _names(t: Type, found: dict[tuple[str, str], Package | None], seen: list[Type]) -> None:
    t = unalias(t)
    if isinstance(t, Pointer):
        t = unalias(t.base)
    if any(t is s for s in seen):
        return
    seen.append(t)
    if isinstance(t, Named):
        for m in t.all_methods():
            found.setdefault((method_name(m), m.name), m.pkg)
    u = t.underlying()
    if isinstance(u, Interface):
        for m in u.type_set().methods:
            found.setdefault((method_name(m), m.name), m.pkg)
    elif isinstance(u, Struct):
        for field in u.fields:
            if field.embedded:
                _names(field.type, found, seen)


def field_steps(t: Type, index: list[int]) -> list[tuple[Struct, int]]:
    """Return struct type and index of each field on a path from `t`."""
    steps = []
    for i in index:
        u = t.underlying()
        if isinstance(u, Pointer):
            u = u.base.underlying()
        assert isinstance(u, Struct)
        steps.append((u, i))
        t = u.fields[i].type
    return steps


def method_set(t: Type) -> list[Method]:
    """Return the methods that a value of type `t` in an interface has, sorted by name."""
    found: dict[tuple[str, str], Package | None] = {}
    _names(t, found, [])
    methods = []
    for (attribute, name), pkg in sorted(found.items(), key=lambda each: each[0]):
        obj, index, _ = lookup_field_or_method(t, False, pkg, name)
        if not isinstance(obj, Func) or index is None or obj.type.type_params:
            continue  # a generic method is in no method set
        path = field_steps(t, index[:-1])
        at = unalias(path[-1][0].fields[path[-1][1]].type) if path else unalias(t)
        if isinstance(at, Pointer):
            at = unalias(at.base)
        abstract = isinstance(at.underlying(), Interface)
        pointer = not abstract and obj.has_ptr_recv()
        args = list(at.type_args) if isinstance(at, Named) else []
        sig = obj.type
        assert isinstance(sig, Signature)
        methods.append(Method(attribute, obj.origin, sig, args, path, pointer, abstract))
    return methods
