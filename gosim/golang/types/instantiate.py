"""Instances of generic types and functions, and whether type arguments fit their constraints.

The instances of a generic type hang on it (`Named.instances`), keyed by the `type_key` of their
arguments, so that equal ones are one object; no context has to be handed around for that.
"""

from __future__ import annotations

# Types nest: a generator in any() would take C stack for every level, a list or loop does not.
# ruff: noqa: C419
from collections.abc import Sequence
from typing import Any

from gosim.golang.types.base import Base
from gosim.golang.types.lookup import (
    _Text,
    has_all_methods,
    interface_ptr_error,
    is_interface_ptr,
)
from gosim.golang.types.objects import TypeName
from gosim.golang.types.predicates import comparable_type, identical, type_key
from gosim.golang.types.subst import make_subst_map, subst
from gosim.golang.types.types import (
    TYP,
    Alias,
    Interface,
    Named,
    Pointer,
    Signature,
    Term,
    Type,
    TypeParam,
    Union,
)
from gosim.golang.types.typeset import TermList, term_includes

_INVALID = TYP[0]


class Context:
    """Stands where Go keeps instances; here their origins do."""

    __slots__ = ()


def instance(
    check: Any, pos: int, orig: Any, targs: Sequence[Type], expanding: Named | None = None
) -> Any:
    """Instantiate a generic type or signature without a look at the constraints."""
    if type(orig) is Named:
        instances = orig.instances
        if instances is None:
            instances = orig.instances = {}
        key = tuple([type_key(t) for t in targs])
        found = instances.get(key)
        if found is None:
            obj = TypeName(pos, orig.obj.pkg, orig.obj.name, None)
            found = Named(obj, check=check, origin=orig, type_args=list(targs))
            if check is not None:
                check.needs_cleanup(found)
            instances[key] = found
        return found
    if type(orig) is Alias:
        if not validate_targ_len(check, pos, orig.obj.name, len(orig.type_params), len(targs)):
            return _INVALID
        if not orig.type_params:
            return orig
        return new_alias_instance(check, pos, orig, targs, expanding)
    assert type(orig) is Signature, orig
    if not validate_targ_len(check, pos, orig, len(orig.type_params), len(targs)):
        return _INVALID
    if not orig.type_params:
        return orig
    sig = subst(check, pos, orig, make_subst_map(orig.type_params, targs))
    assert isinstance(sig, Signature)
    # The type parameters may not be used at all.
    if sig is orig:
        sig = sig.copy()
    sig.type_params = []
    return sig


def new_alias_instance(
    check: Any, pos: int, orig: Alias, targs: Sequence[Type], expanding: Named | None = None
) -> Alias:
    """Instantiate a generic alias."""
    assert orig.from_rhs is not None
    obj = TypeName(pos, orig.obj.pkg, orig.obj.name, None)
    rhs = subst(check, pos, orig.from_rhs, make_subst_map(orig.type_params, targs), expanding)
    res = Alias(obj, rhs)
    res.origin = orig
    res.type_params = orig.type_params
    res.type_args = list(targs)
    if check is not None:
        check.needs_cleanup(res)
    return res


def instantiate(orig: Any, targs: Sequence[Type]) -> Any:
    """Instantiate a generic type or signature after the check, without a look at constraints."""
    return instance(None, 0, orig, targs)


def validate_targ_len(check: Any, pos: int, name: Any, want: int, got: int) -> bool:
    """Report a wrong number of type arguments."""
    if got == want:
        return True
    which = "not enough" if got < want else "too many"
    say = _Text() if check is None else check
    text = say.sprintf("%s type arguments for type %s: have %d, want %d", which, name, got, want)
    if check is None:
        raise ValueError(text)
    check.error(pos, "WrongTypeArgCount", text)
    return False


def verify(
    check: Any, pos: int, tparams: Sequence[TypeParam], targs: Sequence[Type]
) -> tuple[int, str]:
    """Check type arguments against constraints: (-1, "") or (index, why not)."""
    smap = make_subst_map(tparams, targs)
    for i, tpar in enumerate(tparams):
        # The constraint must be wrapped before it is looked at.
        tpar.iface()
        bound = subst(check, pos, tpar.bound, smap)
        ok, cause = implements(check, targs[i], bound, True)
        if not ok:
            return i, cause
    return -1, ""


def implements(check: Any, v: Type, t: Type, constraint: bool) -> tuple[bool, str]:
    """Say whether `v` implements (with `constraint`: satisfies) `t`, and why not."""
    vu = v.underlying()
    tu = t.underlying()
    if vu is _INVALID or tu is _INVALID:
        return True, ""
    if type(vu) is Pointer and vu.base.underlying() is _INVALID:
        return True, ""
    say = _Text() if check is None else check
    verb = "satisfy" if constraint else "implement"
    if type(tu) is not Interface:
        if is_interface_ptr(tu):
            detail = interface_ptr_error(check, t)
        else:
            detail = say.sprintf("%s is not an interface", t)
        return False, say.sprintf("%s does not %s %s (%s)", v, verb, t, detail)
    tset = tu.type_set()
    if tset.is_all():
        return True, ""
    vi = vu if type(vu) is Interface else None
    if vi is not None and vi.type_set().is_empty():
        return True, ""
    if tset.is_empty():
        return False, say.sprintf("cannot %s %s (empty type set)", verb, t)
    ok, cause = has_all_methods(check, v, t, True)
    if not ok:
        return False, say.sprintf("%s does not %s %s %s", v, verb, t, cause)
    if not tset.has_terms():
        return _comparability(check, v, tu, constraint, verb)
    if vi is not None:
        if not vi.type_set().subset_of(tset):
            return False, say.sprintf("%s does not %s %s", v, verb, t)
        return _comparability(check, v, tu, constraint, verb)
    alt: Any = None
    for term in tset.terms:
        if term_includes(term, v):
            return _comparability(check, v, tu, constraint, verb)
        if (
            alt is None
            and not term.tilde
            and identical(term.type, term.type.underlying())
            and term_includes(Term(True, term.type), v)
        ):
            alt = term.type
    if alt is not None:
        detail = say.sprintf("possibly missing ~ for %s in %s", alt, t)
    elif _mentions(tu, v):
        detail = say.sprintf("%s mentions %s, but %s is not in the type set of %s", t, v, v, t)
    else:
        detail = say.sprintf("%s missing in %s", v, _terms_string(tset.terms))
    return False, say.sprintf("%s does not %s %s (%s)", v, verb, t, detail)


def _terms_string(terms: TermList) -> str:
    # Go spells these with full package paths.
    return " | ".join([str(term) for term in terms])


def _comparability(
    check: Any, v: Type, ti: Interface, constraint: bool, verb: str
) -> tuple[bool, str]:
    if not ti.is_comparable() or comparable_type(v, False, None) is None:
        return True, ""
    say = _Text() if check is None else check
    # Constraints are satisfied by types whose comparison may panic, from Go 1.20 on.
    if constraint and comparable_type(v, True, None) is None:
        if check is None or check.allow_version(20):
            return True, ""
        return False, say.sprintf("%s to %s comparable requires go1.20 or later", v, verb)
    return False, say.sprintf("%s does not %s comparable", v, verb)


def _mentions(t: Any, typ: Type) -> bool:
    if type(t) is Interface:
        return any([_mentions(e, typ) for e in t.embeddeds])
    if type(t) is Union:
        return any([_mentions(term.type, typ) for term in t.terms])
    return identical(t, typ)


class InstantiateMixin(Base):
    """Instantiation for the checker."""

    def instance(
        self, pos: int, orig: Any, targs: Sequence[Type], expanding: Any = None, ctxt: Any = None
    ) -> Any:
        """Instantiate a generic type or signature, without checking the constraints."""
        return instance(self, pos, orig, targs, expanding)

    def validate_targ_len(self, pos: int, name: Any, want: int, got: int) -> bool:
        """Report a wrong number of type arguments."""
        return validate_targ_len(self, pos, name, want, got)

    def verify(
        self, pos: int, tparams: Sequence[TypeParam], targs: Sequence[Type], ctxt: Any = None
    ) -> tuple[int, str]:
        """Check type arguments against constraints: (-1, "") or (index, why not)."""
        return verify(self, pos, tparams, targs)

    def implements(
        self, v: Type, t: Type, constraint: bool, *, static: bool = False
    ) -> tuple[bool, str]:
        """Say whether `v` implements (with `constraint`: satisfies) `t`, and why not."""
        return implements(self, v, t, constraint)

    def new_named(self, obj: TypeName, underlying: Type | None, methods: Any = None) -> Named:
        """Make a defined type; sets ``obj.type``. `underlying` is its right side."""
        named = Named(obj, None, methods, check=self, from_rhs=underlying)
        self.needs_cleanup(named)
        return named

    def new_alias(self, obj: TypeName, rhs: Type | None) -> Alias:
        """Make an alias; sets ``obj.type``."""
        alias = Alias(obj, rhs)
        self.needs_cleanup(alias)
        return alias

    def new_type_param(self, obj: TypeName, constraint: Type | None) -> TypeParam:
        """Make a type parameter; sets ``obj.type``."""
        param = TypeParam(obj, constraint, self)
        self.needs_cleanup(param)
        return param
