"""Unification: which types must stand for type parameters so that two types match."""

from __future__ import annotations

# Types nest: a generator in any() would take C stack for every level, a list or loop does not.
from collections.abc import Sequence
from typing import Any

from gosim.golang.types.lookup import lookup_field_or_method
from gosim.golang.types.objects import Func
from gosim.golang.types.predicates import (
    InterfacePairs,
    identical,
    identical_origin,
    is_interface,
    is_type_lit,
)
from gosim.golang.types.types import (
    SEND_RECV,
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
    Tuple,
    Type,
    TypeParam,
    unalias,
)
from gosim.golang.types.typeset import terms_equal
from gosim.golang.types.under import common_under

# Modes of unification.
#: The types are those of an assignment.
ASSIGN = 1
#: The types must be identical; otherwise names may stand against literals, directions of channels
#: do not matter, and an interface matches what implements it.
EXACT = 2

#: Deeper it fails: types that contain themselves in odd ways.
_DEPTH_LIMIT = 50


class _Handle:
    """The type found for the type parameters that share it."""

    __slots__ = ("type",)

    def __init__(self, type: Type | None) -> None:
        self.type = type


def _as_interface(t: Type) -> Interface | None:
    if type(unalias(t)) is TypeParam:
        return None
    u = t.underlying()
    return u if type(u) is Interface else None


class Unifier:
    """Type parameters and what they are found to stand for.

    Parameters
    ----------
    check
        The checker under way.
    tparams, targs
        Type parameters and the types known for them, None or missing where unknown.
    enable_interface_inference
        Whether methods of interfaces help (from Go 1.21 on).
    """

    __slots__ = ("check", "depth", "enable_interface_inference", "handles")

    def __init__(
        self,
        check: Any,
        tparams: Sequence[TypeParam],
        targs: Sequence[Type | None],
        enable_interface_inference: bool,
    ) -> None:
        self.check = check
        self.handles = {
            p: _Handle(targs[i] if i < len(targs) else None) for i, p in enumerate(tparams)
        }
        self.depth = 0
        self.enable_interface_inference = enable_interface_inference

    def unify(self, x: Type, y: Type, mode: int) -> bool:
        """Match two types; may set type parameters even if it fails."""
        return self.nify(x, y, mode, None)

    def join(self, x: TypeParam, y: TypeParam) -> bool:
        """Make two type parameters stand for the same type; false if both have one already."""
        hx, hy = self.handles[x], self.handles[y]
        if hx is hy:
            return True
        if hx.type is not None and hy.type is not None:
            return False
        if hx.type is not None:
            self._set_handle(y, hx)
        else:
            self._set_handle(x, hy)
        return True

    def as_bound_type_param(self, x: Type) -> TypeParam | None:
        """Return `x` if it is one of the type parameters to be found."""
        x = unalias(x)
        return x if type(x) is TypeParam and x in self.handles else None

    def _set_handle(self, x: TypeParam, h: _Handle) -> None:
        old = self.handles[x]
        for y, each in self.handles.items():
            if each is old:
                self.handles[y] = h

    def at(self, x: TypeParam) -> Any:
        """Return the type found for `x`, None if there is none yet."""
        return self.handles[x].type

    def set(self, x: TypeParam, t: Type) -> None:
        """Let `x` stand for `t`."""
        self.handles[x].type = t

    def unknowns(self) -> int:
        """Return the number of type parameters without a type."""
        return sum([h.type is None for h in self.handles.values()])

    def inferred(self, tparams: Sequence[TypeParam]) -> list[Any]:
        """Return the types found, None for unknown ones."""
        return [self.handles[p].type for p in tparams]

    def nify(self, x: Any, y: Any, mode: int, p: InterfacePairs | None) -> bool:
        """Match two types; `p` holds the interfaces under comparison."""
        if x is y or unalias(x) is unalias(y):
            return True
        if self.depth >= _DEPTH_LIMIT:
            return False
        self.depth += 1
        try:
            return self._nify(x, y, mode, p)
        finally:
            self.depth -= 1

    def _nify(self, x: Any, y: Any, mode: int, p: InterfacePairs | None) -> bool:
        # A defined type goes to y, a type parameter to be found to x.
        if type(unalias(x)) is Named or self.as_bound_type_param(y) is not None:
            x, y = y, x
        # A defined type may match a type literal by its underlying type.
        ny = unalias(y)
        if (
            not mode & EXACT
            and type(ny) is Named
            and is_type_lit(x)
            and not (self.enable_interface_inference and is_interface(x))
        ):
            y = ny.underlying()
            if x is y or unalias(x) is unalias(y):
                return True
        px = self.as_bound_type_param(x)
        if px is not None:
            py = self.as_bound_type_param(y)
            if py is not None:
                return self.join(px, py) or self.nify(self.at(px), self.at(py), mode, p)
            known = self.at(px)
            if known is None:
                self.set(px, y)
                return True
            return self._match_known(px, known, y, mode, p)
        if self.enable_interface_inference and not mode & EXACT:
            xi = _as_interface(x)
            yi = _as_interface(y)
            if xi is not None and yi is not None:
                return self._common_methods(xi, yi, p)
            if yi is not None:
                xi = yi
                y = x
            if xi is not None:
                return self._methods_of(xi, y, p)
        # Type parameters that are not to be found go to x.
        if type(unalias(y)) is TypeParam:
            x, y = y, x
        # Elements must match exactly in assignments.
        emode = mode | EXACT if mode & ASSIGN else mode
        return self._structure(unalias(x), unalias(y), y, mode, emode, p)

    def _match_known(
        self, px: TypeParam, x: Any, y: Any, mode: int, p: InterfacePairs | None
    ) -> bool:
        # px stands for x already, which must match y.
        if not self.nify(x, y, mode, p):
            return False
        xi = _as_interface(x)
        yi = _as_interface(y)
        xn = type(unalias(x)) is Named
        yn = type(unalias(y)) is Named
        if xi is not None and yi is not None:
            # Which name would be the right one?
            if xn and yn:
                return identical(x, y)
            if len(xi.type_set().methods) != len(yi.type_set().methods):
                return False
        elif xi is not None or yi is not None:
            # Either could be meant, it would depend on the order.
            return False
        # A defined type is kept rather than a literal, a channel with a direction rather than one
        # without, whatever the order.
        if not mode & EXACT and not xn:
            if yn:
                self.set(px, y)
            else:
                yc = y.underlying()
                if type(yc) is Chan and yc.dir != SEND_RECV:
                    self.set(px, y)
        return True

    def _common_methods(self, xi: Interface, yi: Interface, p: InterfacePairs | None) -> bool:
        # One method set must be a part of the other.
        xset = xi.type_set()
        yset = yi.type_set()
        if xset.comparable != yset.comparable or not terms_equal(xset.terms, yset.terms):
            return False
        if p is not None and p.has(xi, yi):
            return True
        fewer, more = xset.methods, yset.methods
        if len(fewer) > len(more):
            fewer, more = more, fewer
        if not fewer:
            return True
        by_id = {m.id(): m for m in more}
        for xm in fewer:
            ym = by_id.get(xm.id())
            if ym is None or not self.nify(xm.type, ym.type, EXACT, None):
                return False
        return True

    def _methods_of(self, xi: Interface, y: Any, p: InterfacePairs | None) -> bool:
        # y must have the methods of xi.
        for xm in xi.type_set().methods:
            obj, _, _ = lookup_field_or_method(y, False, xm.pkg, xm.name)
            if type(obj) is not Func:
                return False
            if self.check is not None:
                self.check.obj_decl(obj)
            if obj.signature.type_params or not self.nify(xm.type, obj.type, EXACT, p):
                return False
        return True

    def _structure(
        self, x: Any, y: Any, yorig: Any, mode: int, emode: int, p: InterfacePairs | None
    ) -> bool:
        cls = type(x)
        if cls is TypeParam:
            # Not one to be found: its core type tells the structure of what it may stand for.
            cx, _ = common_under(x, None)
            return cx is not None and self.nify(cx, yorig, ASSIGN, p)
        if cls is not type(y) or x is None:
            return False
        if cls is Basic:
            return bool(x.kind == y.kind)
        if cls is Named:
            if len(x.type_args) != len(y.type_args):
                return False
            for xarg, yarg in zip(x.type_args, y.type_args, strict=True):
                if not self.nify(xarg, yarg, mode, p):
                    return False
            return identical_origin(x, y)
        if cls is Pointer:
            return self.nify(x.base, y.base, emode, p)
        if cls is Slice:
            return self.nify(x.elem, y.elem, emode, p)
        if cls is Map:
            return self.nify(x.key, y.key, emode, p) and self.nify(x.elem, y.elem, emode, p)
        if cls is Signature:
            return (
                x.variadic == y.variadic
                and self.nify(x.params, y.params, emode, p)
                and self.nify(x.results, y.results, emode, p)
            )
        if cls is Tuple:
            if len(x.vars) != len(y.vars):
                return False
            for v, w in zip(x.vars, y.vars, strict=True):
                if not self.nify(v.type, w.type, mode, p):
                    return False
            return True
        if cls is Array:
            return (x.len < 0 or y.len < 0 or x.len == y.len) and self.nify(
                x.elem, y.elem, emode, p
            )
        if cls is Chan:
            return (not mode & EXACT or x.dir == y.dir) and self.nify(x.elem, y.elem, emode, p)
        if cls is Struct:
            if len(x.fields) != len(y.fields):
                return False
            for i, f in enumerate(x.fields):
                g = y.fields[i]
                if (
                    f.embedded != g.embedded
                    or x.tag(i) != y.tag(i)
                    or not f.same_id(g.pkg, g.name)
                    or not self.nify(f.type, g.type, emode, p)
                ):
                    return False
            return True
        if cls is Interface:
            return self._interfaces(x, y, p)
        return False

    def _interfaces(self, x: Interface, y: Interface, p: InterfacePairs | None) -> bool:
        xset = x.type_set()
        yset = y.type_set()
        if (
            len(xset.methods) != len(yset.methods)
            or xset.comparable != yset.comparable
            or not terms_equal(xset.terms, yset.terms)
        ):
            return False
        if p is not None and p.has(x, y):
            return True
        q = InterfacePairs(x, y, p)
        for f, g in zip(xset.methods, yset.methods, strict=True):
            if f.id() != g.id() or not self.nify(f.type, g.type, EXACT, q):
                return False
        return True
