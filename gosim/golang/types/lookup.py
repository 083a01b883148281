"""Fields and methods of types; which methods a type lacks for an interface."""

from __future__ import annotations

# Types nest: a generator in any() would take C stack for every level, a list or loop does not.
# ruff: noqa: C419
from collections.abc import Callable
from typing import Any

from gosim.golang.types.base import Base
from gosim.golang.types.objects import Func, Object, Package, Var
from gosim.golang.types.predicates import (
    identical,
    is_interface,
    is_type_param,
    is_valid,
    type_key,
)
from gosim.golang.types.types import (
    TYP,
    Interface,
    Named,
    Pointer,
    Struct,
    Type,
    as_named,
    unalias,
)
from gosim.golang.types.typestring import TypeWriter

#: What a lookup finds: field or method, path to it, whether a pointer is followed on the way. With
#: no object, a path means that the name is ambiguous, "indirect" that the method has a pointer
#: receiver and the operand is not addressable.
Found = tuple["Var | Func | None", "list[int] | None", bool]

_NOTHING: Found = (None, None, False)


def deref(t: Type) -> tuple[Type, bool]:
    """Return what a pointer type (not a named one) points at and True, else `t` and False."""
    p = unalias(t)
    if type(p) is Pointer:
        return (TYP[0] if p.base is None else p.base), True
    return t, False


def deref_struct_ptr(t: Type) -> Type:
    """Return the base of a pointer to a struct; other types as they are."""
    p = t.underlying()
    if type(p) is Pointer and type(p.base.underlying()) is Struct:
        return p.base
    return t


def is_interface_ptr(t: Type) -> bool:
    """Whether `t` is a pointer to an interface."""
    p = t.underlying()
    return type(p) is Pointer and is_interface(p.base)


def lookup_field_or_method(
    t: Type,
    addressable: bool,
    pkg: Package | None,
    name: str,
    fold_case: bool = False,
) -> Found:
    """Find a field or method of `t` as package `pkg` sees it.

    Parameters
    ----------
    addressable
        Whether the operand is a variable: then methods of its address count.
    fold_case
        Look for the name in any case, for better messages.

    Returns
    -------
    tuple
        See `Found`.
    """
    named = as_named(t)
    if named is not None:
        # Pointers with a name have no methods, but the fields of what they point at.
        p = named.underlying()
        if type(p) is Pointer:
            found = lookup_impl(p, False, pkg, name, fold_case)
            return _NOTHING if type(found[0]) is Func else found
    return lookup_impl(t, addressable, pkg, name, fold_case)


def lookup_impl(
    t: Type, addressable: bool, pkg: Package | None, name: str, fold_case: bool = False
) -> Found:
    """As `lookup_field_or_method`, but named pointers have the methods of their base."""
    if name == "_":
        return _NOTHING
    typ, is_ptr = deref(t)
    # Pointers to interfaces have no methods.
    if is_ptr and type(typ.underlying()) is Interface:
        return _NOTHING
    # Embedded types at the current depth: type, path, behind a pointer, reached several times.
    current: list[tuple[Type, list[int], bool, bool]] = [(typ, [], is_ptr, False)]
    obj: Any = None
    path: list[int] | None = None
    indirect = False
    seen: set[Any] = set()
    while current:
        following: list[tuple[Type, list[int], bool, bool]] = []
        for typ, index, e_indirect, multiples in current:
            named = as_named(typ)
            if named is not None:
                # A type met before was met at a shallower depth, where it hides this one.
                key = named if not named.type_args else type_key(named)
                if key in seen:
                    continue
                seen.add(key)
                i, m = named.lookup_method(pkg, name, fold_case)
                if m is not None:
                    path = [*index, i]
                    if obj is not None or multiples:
                        return None, path, False
                    obj = m
                    indirect = e_indirect
                    continue
            u = typ.underlying()
            if type(u) is Struct:
                for i, f in enumerate(u.fields):
                    if (f.name == name or fold_case) and f.same_id(pkg, name, fold_case):
                        path = [*index, i]
                        if obj is not None or multiples:
                            return None, path, False
                        obj = f
                        indirect = e_indirect
                        continue
                    if obj is None and f.embedded:
                        base, ptr = deref(f.type)
                        following.append((base, [*index, i], e_indirect or ptr, multiples))
            elif type(u) is Interface:
                i, m = u.type_set().lookup_method(pkg, name, fold_case)
                if m is not None:
                    path = [*index, i]
                    if obj is not None or multiples:
                        return None, path, False
                    obj = m
                    indirect = e_indirect
        if obj is not None:
            if type(obj) is Func and not indirect and not addressable and obj.has_ptr_recv():
                return None, None, True
            return obj, path, indirect
        current = _consolidate(following) if len(following) > 1 else following
    return _NOTHING


def _consolidate(
    entries: list[tuple[Type, list[int], bool, bool]],
) -> list[tuple[Type, list[int], bool, bool]]:
    # One entry per type, marked when there were several.
    places: dict[Any, int] = {}
    result: list[tuple[Type, list[int], bool, bool]] = []
    for e in entries:
        t = unalias(e[0])
        key: Any = t
        if type(t) is not Named or t.type_args:
            key = type_key(t)
        at = places.get(key)
        if at is None:
            places[key] = len(result)
            result.append(e)
        else:
            first = result[at]
            result[at] = (first[0], first[1], first[2], True)
    return result


def field_path(t: Type, index: list[int]) -> str:
    """Spell the path of embedded fields."""
    names = []
    for i in index:
        u = deref_struct_ptr(t).underlying()
        if type(u) is not Struct:
            break
        names.append(u.fields[i].name)
        t = u.fields[i].type
    return ".".join(names)


def func_string(check: Any, f: Func, pkg_info: bool = False) -> str:
    """Spell name and signature of a method without the names of parameters."""
    qualifier = None if check is None or pkg_info else check.qualifier
    place = None if check is None else check.place
    writer = TypeWriter(qualifier, place, param_names=False, pkg_info=pkg_info)
    return f.name + writer.signature(f.type)


def missing_method(v: Type, t: Type, static: bool) -> tuple[Func | None, bool]:
    """Find a method of the interface `t` that `v` lacks, once everything is checked.

    Parameters
    ----------
    static
        Whether an interface `v` must have all methods; otherwise those it has must fit.

    Returns
    -------
    tuple
        The method or None; whether `v` has one of the name with another type or receiver.
    """
    state, m, _ = _find_missing(v, t, static, identical, None)
    return m, state in ("wrong signature", "pointer receiver")


def implements(v: Type, t: Type) -> bool:
    """Whether a type implements an interface that is no constraint, once everything is checked."""
    return missing_method(v, t, True)[0] is None


def _find_missing(
    v: Type,
    t: Type,
    static: bool,
    equivalent: Callable[[Type, Type], bool],
    check: Any,
) -> tuple[str, Func | None, Func | None]:
    tu = t.underlying()
    assert type(tu) is Interface
    methods = tu.type_set().methods
    if not methods:
        return "", None, None
    u = v.underlying()
    f: Any
    if type(u) is Interface:
        tset = u.type_set()
        if tset.methods is methods and equivalent is identical:
            return "", None, None
        for m in methods:
            _, f = tset.lookup_method(m.pkg, m.name)
            if f is None:
                if static:
                    return "not found", m, None
                continue
            if not equivalent(f.type, m.type):
                return "wrong signature", m, f
        return "", None, None
    for m in methods:
        obj, index, indirect = lookup_impl(v, False, m.pkg, m.name)
        if obj is None:
            if index is not None:
                return "ambiguous", m, None
            if indirect:
                return "pointer receiver", m, None
            obj, _, _ = lookup_impl(v, False, m.pkg, m.name, True)
            if type(obj) is Func:
                return ("unexported" if obj.name == m.name else "wrong name"), m, obj
            return "not found", m, None
        if type(obj) is not Func:
            return "field", m, None
        # Methods may not have a fully set up signature yet.
        if check is not None:
            check.obj_decl(obj)
        if not equivalent(obj.type, m.type):
            return "wrong signature", m, obj
    return "", None, None


class _Text:
    """Formats without a checker."""

    def sprintf(self, format: str, *args: Any) -> str:
        return format % tuple([str(each) for each in args])


def _cause(check: Any, state: str, v: Type, t: Type, m: Func, f: Func | None) -> str:
    if f is not None and check is not None:
        check.obj_decl(f)
    say = (_Text() if check is None else check).sprintf
    name = m.name
    if state == "not found":
        if is_interface_ptr(v):
            return f"({interface_ptr_error(check, v)})"
        if is_interface_ptr(t):
            return f"({interface_ptr_error(check, t)})"
        return f"(missing method {name})"
    if state == "wrong name":
        assert f is not None
        have, want = func_string(check, f), func_string(check, m)
        return f"(missing method {name})\n\t\thave {have}\n\t\twant {want}"
    if state == "unexported":
        return f"(unexported method {name})"
    if state == "wrong signature":
        assert f is not None
        have, want = func_string(check, f), func_string(check, m)
        if have == want:
            have, want = func_string(check, f, True), func_string(check, m, True)
        if have == want:
            return f"(wrong type for method {name})"
        return f"(wrong type for method {name})\n\t\thave {have}\n\t\twant {want}"
    if state == "ambiguous":
        return say("(ambiguous selector %s.%s)", v, name)
    if state == "pointer receiver":
        return f"(method {name} has pointer receiver)"
    assert state == "field", state
    return say("(%s.%s is a field, not a method)", v, name)


def interface_ptr_error(check: Any, t: Type) -> str:
    """Say that `t` is a pointer to an interface."""
    say = (_Text() if check is None else check).sprintf
    p = t.underlying()
    assert type(p) is Pointer
    if is_type_param(p.base):
        return say("type %s is pointer to type parameter, not type parameter", t)
    return say("type %s is pointer to interface, not interface", t)


def has_invalid_embedded_fields(t: Type, seen: set[Struct] | None = None) -> bool:
    """Whether `t` is a struct with embedded fields of invalid type, at any depth."""
    s = deref_struct_ptr(t).underlying()
    if type(s) is not Struct:
        return False
    if seen is None:
        seen = set()
    if s in seen:
        return False
    seen.add(s)
    return any(
        [
            f.embedded and (not is_valid(f.type) or has_invalid_embedded_fields(f.type, seen))
            for f in s.fields
        ]
    )


def has_all_methods(
    check: Any,
    v: Type,
    t: Type,
    static: bool,
    equivalent: Callable[[Type, Type], bool] = identical,
) -> tuple[bool, str]:
    """Say whether `v` has the methods of interface `t`, and why not; benefit of doubt to errors."""
    if not is_valid(v):
        return True, ""
    state, m, f = _find_missing(v, t, static, equivalent, check)
    if m is None or has_invalid_embedded_fields(v):
        return True, ""
    return False, _cause(check, state, v, t, m, f)


class LookupMixin(Base):
    """The checker's lookups."""

    def lookup_field_or_method(
        self, t: Type, addressable: bool, pkg: Package | None, name: str, fold_case: bool = False
    ) -> tuple[Object | None, list[int] | None, bool]:
        """See `lookup_field_or_method`."""
        return lookup_field_or_method(t, addressable, pkg, name, fold_case)

    def missing_method(
        self,
        v: Type,
        t: Type,
        static: bool,
        equivalent: Callable[[Type, Type], bool] = identical,
    ) -> tuple[Func | None, str]:
        """Return a method of interface `t` that `v` lacks and why, or (None, "")."""
        state, m, f = _find_missing(v, t, static, equivalent, self)
        if m is None:
            return None, ""
        return m, _cause(self, state, v, t, m, f)

    def has_all_methods(
        self,
        v: Type,
        t: Type,
        static: bool,
        equivalent: Callable[[Type, Type], bool] = identical,
    ) -> tuple[bool, str]:
        """Say whether `v` has the methods of interface `t`, and why not."""
        return has_all_methods(self, v, t, static, equivalent)

    def assertable_to(self, v: Type, t: Type) -> tuple[bool, str]:
        """Say whether a value of interface type `v` may hold a `t`, and why not."""
        # Whether an interface holds another one is known only when the program runs.
        if is_interface(t):
            return True, ""
        return has_all_methods(self, t, v, False)

    def interface_ptr_error(self, t: Type) -> str:
        """Say that `t` is a pointer to an interface."""
        return interface_ptr_error(self, t)

    def func_string(self, f: Func, pkg_info: bool = False) -> str:
        """Spell name and signature of a method."""
        return func_string(self, f, pkg_info)
