"""Types with other types in place of type parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gosim.golang.types.base import Base
from gosim.golang.types.objects import Func, TypeName, Var
from gosim.golang.types.types import (
    TYP,
    Alias,
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
    Term,
    Tuple,
    Type,
    TypeParam,
    Union,
)

if TYPE_CHECKING:
    from gosim.golang.types.scope import Scope  # noqa: F401

_INVALID = TYP[0]

#: What stands for each type parameter.
SubstMap = dict[TypeParam, Any]


def make_subst_map(params: Sequence[TypeParam], args: Sequence[Any]) -> SubstMap:
    """Pair type parameters with their arguments; those without (None) stand for themselves."""
    assert len(params) == len(args)
    return {p: p if a is None else a for p, a in zip(params, args, strict=True)}


def make_rename_map(params: Sequence[TypeParam], others: Sequence[TypeParam]) -> SubstMap:
    """Pair type parameters with others."""
    return dict(zip(params, others, strict=True))


def subst(check: Any, pos: int, t: Type, smap: SubstMap, expanding: Named | None = None) -> Type:
    """Return `t` with type parameters replaced; `t` itself if there is nothing to replace.

    Parameters
    ----------
    check
        The checker under way, None afterwards.
    pos
        Where instances are said to stand.
    expanding
        The instance whose right side `t` is, if any.
    """
    if not smap or type(t) is Basic:
        return t
    if type(t) is TypeParam:
        return smap.get(t, t)  # type: ignore[no-any-return]
    return _Subster(check, pos, smap, expanding).typ(t)  # type: ignore[no-any-return]


class _Subster:
    __slots__ = ("check", "expanding", "pos", "smap")

    def __init__(self, check: Any, pos: int, smap: SubstMap, expanding: Named | None) -> None:
        self.check = check
        self.pos = pos
        self.smap = smap
        self.expanding = expanding

    def typ(self, t: Any) -> Any:
        """Substitute in a type."""
        cls = type(t)
        if cls is Basic:
            return t
        if cls is TypeParam:
            return self.smap.get(t, t)
        if cls is Named:
            if not t.type_args:
                return t
            if len(t.type_args) != len(t.type_params):
                return _INVALID
            targs = self.types(t.type_args)
            if targs is t.type_args:
                return t
            from gosim.golang.types.instantiate import instance

            return instance(self.check, self.pos, t.origin, targs, self.expanding)
        if cls is Pointer:
            base = self.typ(t.base)
            return t if base is t.base else Pointer(base)
        if cls is Slice:
            elem = self.typ_or_invalid(t.elem)
            return t if elem is t.elem else Slice(elem)
        if cls is Tuple:
            variables = self.variables(t.vars)
            return t if variables is t.vars else Tuple(variables)
        if cls is Signature:
            return self.signature(t)
        if cls is Map:
            key = self.typ(t.key)
            elem = self.typ(t.elem)
            return t if key is t.key and elem is t.elem else Map(key, elem)
        if cls is Struct:
            fields = self.variables(t.fields)
            return t if fields is t.fields else Struct(fields, t.tags)
        if cls is Chan:
            elem = self.typ(t.elem)
            return t if elem is t.elem else Chan(t.dir, elem)
        if cls is Array:
            elem = self.typ_or_invalid(t.elem)
            return t if elem is t.elem else Array(t.len, elem)
        if cls is Interface:
            return self.interface(t)
        if cls is Union:
            return self.union(t)
        assert cls is Alias, t
        n = len(t.origin.type_params)
        if n == 0:
            return t
        if len(t.type_args) != n:
            return _INVALID
        targs = self.types(t.type_args)
        if targs is t.type_args:
            return t
        from gosim.golang.types.instantiate import new_alias_instance

        return new_alias_instance(self.check, self.pos, t.origin, targs, self.expanding)

    def typ_or_invalid(self, t: Type | None) -> Any:
        """Substitute in a type that an error may have left out."""
        return _INVALID if t is None else self.typ(t)

    def types(self, types: list[Type]) -> list[Type]:
        """Substitute in a list; the list itself if nothing changes."""
        result = [self.typ(t) for t in types]
        for old, new in zip(types, result, strict=True):
            if old is not new:
                return result
        return types

    def variables(self, variables: list[Var]) -> list[Var]:
        """Substitute in the types of variables; the list itself if nothing changes."""
        result = variables
        for i, v in enumerate(variables):
            t = self.typ(v.type)
            if t is not v.type:
                if result is variables:
                    result = list(variables)
                result[i] = v.clone(t)
        return result

    def signature(self, t: Signature) -> Signature:
        """Substitute in a signature; its own type parameters become fresh ones if they stay."""
        tparams = t.type_params
        inner = self
        if tparams and tparams[0] not in self.smap:
            fresh = []
            smap = dict(self.smap)
            for p in tparams:
                name = TypeName(p.obj.pos, p.obj.pkg, p.obj.name, None)
                q = TypeParam(name, None, self.check)
                if self.check is not None:
                    self.check.needs_cleanup(q)
                    self.check.mono.record_canon(q, p)
                q.index = p.index
                fresh.append(q)
                smap[p] = q
            for p, q in zip(tparams, fresh, strict=True):
                q.bound = subst(self.check, self.pos, p.bound, smap, self.expanding)
            tparams = fresh
            inner = _Subster(self.check, self.pos, smap, self.expanding)
        params = inner.typ(t.params)
        results = inner.typ(t.results)
        if params is t.params and results is t.results and tparams is t.type_params:
            return t
        # The receiver is put in by those who know it; there is no scope.
        sig = Signature(t.recv, params, results, t.variadic, tparams, t.recv_type_params)
        sig.recv_old = t.recv_old
        return sig

    def interface(self, t: Interface) -> Interface:
        """Substitute in an interface; methods whose receiver it is get the new one."""
        methods = t.methods
        changed = False
        for i, m in enumerate(t.methods):
            sig = self.typ(m.type)
            if sig is not m.type:
                if not changed:
                    methods = list(methods)
                    changed = True
                methods[i] = m.clone(sig)
        embeddeds = self.types(t.embeddeds)
        if not changed and embeddeds is t.embeddeds:
            return t
        assert t.complete, "substitution in an incomplete interface"
        iface = Interface(methods, embeddeds)
        iface.embed_pos = t.embed_pos
        iface.implicit = t.implicit
        iface.complete = True
        iface.methods, _ = replace_recv_type(methods, t, iface)
        if self.check is not None:
            iface.check = self.check
            self.check.needs_cleanup(iface)
        else:
            iface.type_set()
        return iface

    def union(self, t: Union) -> Union:
        """Substitute in the terms of a union."""
        terms = t.terms
        for i, term in enumerate(t.terms):
            typ = self.typ(term.type)
            if typ is not term.type:
                if terms is t.terms:
                    terms = list(terms)
                terms[i] = Term(term.tilde, typ)
        return t if terms is t.terms else Union(terms)


def replace_recv_type(methods: list[Func], old: Type, new: Type) -> tuple[list[Func], bool]:
    """Give methods whose receiver is of type `old` the type `new`: (methods, any changed)."""
    result = methods
    for i, m in enumerate(methods):
        sig = m.type
        if sig.recv is not None and sig.recv.type is old:
            if result is methods:
                result = list(methods)
            sig = sig.copy()
            sig.recv = sig.recv.clone(new)
            result[i] = m.clone(sig)
    return result, result is not methods


def expand_rhs(n: Named) -> Type | None:
    """Return the right side of an instance, None while that of its origin is unknown."""
    origin = n.origin
    origin.unpack()
    rhs = origin.from_rhs
    if rhs is None:
        return None
    if len(n.type_args) != len(origin.type_params):
        return _INVALID
    smap = make_subst_map(origin.type_params, n.type_args)
    result = subst(n.check, n.obj.pos, rhs, smap, n)
    if type(result) is Interface:
        # The receiver of its methods is the instance.
        methods, copied = replace_recv_type(result.methods, origin, n)
        if copied:
            if result is rhs:
                other = Interface([], result.embeddeds)
                other.embed_pos = result.embed_pos
                other.complete = True
                if n.check is not None:
                    other.check = n.check
                    n.check.needs_cleanup(other)
                result = other
            result.methods = methods
            result.tset = None
            if n.check is None:
                result.type_set()
    return result


def expand_method(n: Named, i: int) -> Func:
    """Return method `i` of an instance."""
    method = n.origin.method(i)
    check = n.check
    # The origin's signature may not be there yet.
    if check is not None:
        check.obj_decl(method)
    old: Signature = method.type
    sig = old
    params = old.recv_type_params
    # After an error the numbers may differ.
    if len(params) == len(n.type_args):
        sig = subst(check, method.pos, old, make_subst_map(params, n.type_args), n)  # type: ignore[assignment]
    if sig is old:
        sig = old.copy()
    recv: Type = Pointer(n) if method.has_ptr_recv() else n
    assert old.recv is not None
    sig.recv = old.recv.clone(recv)
    sig.recv_type_params = []
    return method.clone(sig)


class SubstMixin(Base):
    """Substitution for the checker; see `subst`."""

    def subst(
        self,
        pos: int,
        typ: Type,
        smap: SubstMap,
        expanding: Any = None,
        ctxt: Any = None,
    ) -> Type:
        """Replace type parameters in `typ`."""
        return subst(self, pos, typ, smap, expanding)
