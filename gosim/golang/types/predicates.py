"""Questions about types; identity of types and the key that stands for it."""

from __future__ import annotations

# Types nest: a generator in any() would take C stack for every level, a list or loop does not.
# ruff: noqa: SIM110
from collections.abc import Hashable
from typing import Any

from gosim.golang.types.types import (
    BOOL,
    COMPLEX128,
    FLOAT64,
    INT,
    IS_BOOLEAN,
    IS_COMPLEX,
    IS_CONST_TYPE,
    IS_FLOAT,
    IS_INTEGER,
    IS_NUMERIC,
    IS_ORDERED,
    IS_STRING,
    IS_UNSIGNED,
    IS_UNTYPED,
    STRING,
    TYP,
    UNIVERSE_RUNE,
    UNSAFE_POINTER,
    UNTYPED_BOOL,
    UNTYPED_COMPLEX,
    UNTYPED_FLOAT,
    UNTYPED_INT,
    UNTYPED_NIL,
    UNTYPED_RUNE,
    UNTYPED_STRING,
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
    Tuple,
    Type,
    TypeParam,
    Union,
    safe_underlying,
    unalias,
)
from gosim.golang.types.typeset import (
    TypeSet,
    compute_union_type_set,
    terms_equal,
)
from gosim.golang.types.under import EMPTY_CAUSE, TypeCause, under_is

_INVALID = TYP[0]
_INT_OR_FLOAT = IS_INTEGER | IS_FLOAT
_NUMERIC_OR_STRING = IS_NUMERIC | IS_STRING


def is_valid(t: Type) -> bool:
    """Whether `t` is not the invalid type."""
    return t is not _INVALID and (type(t) is not Alias or unalias(t) is not _INVALID)


# The functions of the is_ family look at the underlying type and are false for type parameters;
# those of the all_ family want every type of the type set of a type parameter to be so.


def _is_basic(t: Type, info: int) -> bool:
    u = t.underlying()
    return type(u) is Basic and u.info & info != 0


def is_boolean(t: Type) -> bool:
    """Whether the underlying type is boolean."""
    return _is_basic(t, IS_BOOLEAN)


def is_integer(t: Type) -> bool:
    """Whether the underlying type is an integer type."""
    return _is_basic(t, IS_INTEGER)


def is_unsigned(t: Type) -> bool:
    """Whether the underlying type is an unsigned integer type."""
    return _is_basic(t, IS_UNSIGNED)


def is_complex(t: Type) -> bool:
    """Whether the underlying type is complex."""
    return _is_basic(t, IS_COMPLEX)


def is_numeric(t: Type) -> bool:
    """Whether the underlying type is numeric."""
    return _is_basic(t, IS_NUMERIC)


def is_string(t: Type) -> bool:
    """Whether the underlying type is a string type."""
    return _is_basic(t, IS_STRING)


def is_integer_or_float(t: Type) -> bool:
    """Whether the underlying type is an integer or floating-point type."""
    return _is_basic(t, _INT_OR_FLOAT)


def is_const_type(t: Type) -> bool:
    """Whether constants may have the type."""
    return _is_basic(t, IS_CONST_TYPE)


def _all_basic(t: Type, info: int) -> bool:
    if type(t) is Alias:
        t = unalias(t)
    if type(t) is TypeParam:
        return t.is_(lambda term: term is not None and _is_basic(term.type, info))
    u = t.underlying()
    return type(u) is Basic and u.info & info != 0


def all_boolean(t: Type) -> bool:
    """Whether all types of `t` are boolean."""
    return _all_basic(t, IS_BOOLEAN)


def all_integer(t: Type) -> bool:
    """Whether all types of `t` are integer types."""
    return _all_basic(t, IS_INTEGER)


def all_unsigned(t: Type) -> bool:
    """Whether all types of `t` are unsigned integer types."""
    return _all_basic(t, IS_UNSIGNED)


def all_numeric(t: Type) -> bool:
    """Whether all types of `t` are numeric."""
    return _all_basic(t, IS_NUMERIC)


def all_string(t: Type) -> bool:
    """Whether all types of `t` are string types."""
    return _all_basic(t, IS_STRING)


def all_ordered(t: Type) -> bool:
    """Whether all types of `t` are ordered."""
    return _all_basic(t, IS_ORDERED)


def all_numeric_or_string(t: Type) -> bool:
    """Whether all types of `t` are numeric or string types."""
    return _all_basic(t, _NUMERIC_OR_STRING)


def has_name(t: Type) -> bool:
    """Whether `t` is predeclared, defined or a type parameter."""
    t = unalias(t)
    return type(t) is Basic or type(t) is Named or type(t) is TypeParam


def is_type_lit(t: Type) -> bool:
    """Whether `t` is neither defined nor a type parameter."""
    t = unalias(t)
    return type(t) is not Named and type(t) is not TypeParam


def is_typed(t: Type) -> bool:
    """Whether `t` is not an untyped type."""
    return type(t) is not Basic or not t.info & IS_UNTYPED


def is_untyped(t: Type) -> bool:
    """Whether `t` is the type of an untyped constant, nil or boolean."""
    return type(t) is Basic and t.info & IS_UNTYPED != 0


def is_untyped_numeric(t: Type) -> bool:
    """Whether `t` is the type of an untyped number."""
    return type(t) is Basic and t.info & IS_UNTYPED != 0 and t.info & IS_NUMERIC != 0


def is_interface(t: Type) -> bool:
    """Whether the underlying type is an interface; true for type parameters."""
    return type(t.underlying()) is Interface


def is_type_param(t: Type) -> bool:
    """Whether `t` is a type parameter."""
    return type(t) is TypeParam or (type(t) is Alias and type(unalias(t)) is TypeParam)


def is_non_type_param_interface(t: Type) -> bool:
    """Whether `t` is an interface and no type parameter."""
    return type(t.underlying()) is Interface and not is_type_param(t)


def has_empty_typeset(t: Type) -> bool:
    """Whether `t` is a type parameter that no type satisfies."""
    t = unalias(t)
    if type(t) is TypeParam and t.bound is not None:
        iface = safe_underlying(t.bound)
        return type(iface) is Interface and iface.tset is not None and iface.tset.is_empty()
    return False


def is_generic(t: Type) -> bool:
    """Whether `t` is a generic type that lacks its type arguments."""
    if type(t) is Alias:
        if t.type_params and not t.type_args:
            return True
        t = unalias(t)
    return type(t) is Named and t.origin is t and bool(t._type_params)


def comparable(t: Type) -> bool:
    """Whether values of `t` are comparable, interfaces at the risk of a panic."""
    u = t.underlying()
    if type(u) is Basic:
        return u.kind != UNTYPED_NIL
    return comparable_type(t, True, None) is None


def comparable_type(t: Type, dynamic: bool, seen: set[Type] | None) -> TypeCause | None:
    """Return None if values of `t` are comparable, else why not.

    Parameters
    ----------
    dynamic
        Whether interfaces count as comparable.
    seen
        Types under consideration further out.
    """
    if seen is not None and t in seen:
        return None
    u = t.underlying()
    cls = type(u)
    if cls is Basic:
        assert isinstance(u, Basic)
        return EMPTY_CAUSE if u.kind == UNTYPED_NIL else None
    if cls is Pointer or cls is Chan:
        return None
    if seen is None:
        seen = set()
    seen.add(t)
    if cls is Struct:
        assert isinstance(u, Struct)
        for f in u.fields:
            if comparable_type(f.type, dynamic, seen) is not None:
                return TypeCause("struct containing %s cannot be compared", f.type)
        return None
    if cls is Array:
        assert isinstance(u, Array)
        if comparable_type(u.elem, dynamic, seen) is not None:
            return TypeCause("%s cannot be compared", t)
        return None
    if cls is Interface:
        assert isinstance(u, Interface)
        if (dynamic and not is_type_param(t)) or u.type_set().is_comparable(seen):
            return None
        if u.type_set().is_empty():
            return TypeCause("empty type set")
        return TypeCause("incomparable types in type set")
    return EMPTY_CAUSE


def has_nil(t: Type) -> bool:
    """Whether `t` has the value nil, for a type parameter: all of its types."""
    u = t.underlying()
    cls = type(u)
    if cls is Basic:
        assert isinstance(u, Basic)
        return u.kind == UNSAFE_POINTER
    if cls is Slice or cls is Pointer or cls is Signature or cls is Map or cls is Chan:
        return True
    if cls is Interface:
        return not is_type_param(t) or under_is(t, lambda u: u is not None and has_nil(u))
    return False


# ------------------------------------------------------------------ identity


class _Pairs:
    """Pairs of interfaces that are being compared, innermost first."""

    __slots__ = ("prev", "x", "y")

    def __init__(self, x: Interface, y: Interface, prev: _Pairs | None) -> None:
        self.x = x
        self.y = y
        self.prev = prev

    def has(self, x: Interface, y: Interface) -> bool:
        """Whether the two are among them."""
        p: _Pairs | None = self
        while p is not None:
            if (p.x is x and p.y is y) or (p.x is y and p.y is x):
                return True
            p = p.prev
        return False


InterfacePairs = _Pairs


def identical(x: Type, y: Type) -> bool:
    """Whether both types are identical (spec, "Type identity")."""
    return x is y or _identical(x, y, None, False)


def identical_ignore_tags(x: Type, y: Type) -> bool:
    """As `identical`, tags of fields aside."""
    return x is y or _identical(x, y, None, True)


def _identical(x: Any, y: Any, p: _Pairs | None, ignore_tags: bool) -> bool:
    if type(x) is Alias:
        x = unalias(x)
    if type(y) is Alias:
        y = unalias(y)
    if x is y:
        return True
    cls = type(x)
    if cls is not type(y) or x is None:
        return False
    if cls is Named:
        if x.origin.obj is not y.origin.obj:
            return False
        xargs, yargs = x.type_args, y.type_args
        if len(xargs) != len(yargs):
            return False
        for i, xarg in enumerate(xargs):
            if not identical(xarg, yargs[i]):
                return False
        return True
    if cls is Basic:
        return bool(x.kind == y.kind)
    if cls is Pointer:
        return _identical(x.base, y.base, p, ignore_tags)
    if cls is Slice:
        return _identical(x.elem, y.elem, p, ignore_tags)
    if cls is Array:
        # An unknown length was reported where it comes from.
        return (x.len < 0 or y.len < 0 or x.len == y.len) and _identical(
            x.elem, y.elem, p, ignore_tags
        )
    if cls is Map:
        return _identical(x.key, y.key, p, ignore_tags) and _identical(
            x.elem, y.elem, p, ignore_tags
        )
    if cls is Chan:
        return x.dir == y.dir and _identical(x.elem, y.elem, p, ignore_tags)
    if cls is Struct:
        if len(x.fields) != len(y.fields):
            return False
        for i, f in enumerate(x.fields):
            g = y.fields[i]
            if (
                f.name != g.name
                or f.embedded != g.embedded
                or (not ignore_tags and x.tag(i) != y.tag(i))
                or not f.same_id(g.pkg, g.name)
                or not _identical(f.type, g.type, p, ignore_tags)
            ):
                return False
        return True
    if cls is Tuple:
        if len(x.vars) != len(y.vars):
            return False
        for v, w in zip(x.vars, y.vars, strict=True):
            if not _identical(v.type, w.type, p, ignore_tags):
                return False
        return True
    if cls is Signature:
        return _identical_signatures(x, y, p, ignore_tags)
    if cls is Interface:
        return _identical_interfaces(x, y, p, ignore_tags)
    if cls is Union:
        sets: dict[Union, TypeSet] = {}
        return terms_equal(
            compute_union_type_set(None, sets, 0, x).terms,
            compute_union_type_set(None, sets, 0, y).terms,
        )
    # Type parameters are identical only to themselves.
    return False


def _identical_signatures(x: Signature, y: Signature, p: _Pairs | None, ignore_tags: bool) -> bool:
    xtparams, ytparams = x.type_params, y.type_params
    if (
        x.variadic != y.variadic
        or len(xtparams) != len(ytparams)
        or len(x.params) != len(y.params)
        or len(x.results) != len(y.results)
    ):
        return False
    yparams, yresults = y.params, y.results
    if xtparams:
        from gosim.golang.types.subst import make_subst_map, subst

        smap = make_subst_map(ytparams, list(xtparams))
        for xtparam, ytparam in zip(xtparams, ytparams, strict=True):
            bound = subst(None, 0, ytparam.bound, smap)
            if not _identical(xtparam.bound, bound, p, ignore_tags):
                return False
        yparams = subst(None, 0, yparams, smap)  # type: ignore[assignment]
        yresults = subst(None, 0, yresults, smap)  # type: ignore[assignment]
    return _identical(x.params, yparams, p, ignore_tags) and _identical(
        x.results, yresults, p, ignore_tags
    )


def _identical_interfaces(x: Interface, y: Interface, p: _Pairs | None, ignore_tags: bool) -> bool:
    xset = x.type_set()
    yset = y.type_set()
    if xset is yset:
        return True
    a = xset.methods
    b = yset.methods
    if (
        len(a) != len(b)
        or xset.comparable != yset.comparable
        or not terms_equal(xset.terms, yset.terms)
    ):
        return False
    # Some contain themselves without a name in between: type T interface{ m() interface{T} }.
    if p is not None and p.has(x, y):
        return True
    q = _Pairs(x, y, p)
    for f, g in zip(a, b, strict=True):
        if f.name != g.name or f.id() != g.id() or not _identical(f.type, g.type, q, ignore_tags):
            return False
    return True


def identical_origin(x: Named, y: Named) -> bool:
    """Whether both come from the same declaration."""
    return x.origin.obj is y.origin.obj


class _Cyclic:
    """The key of an interface that contains itself without a name in between.

    gc refuses such a program at the end of its check; until then keys must only be finite.
    """

    __slots__ = ("_hash", "_type")

    def __init__(self, t: Interface) -> None:
        self._type = t
        self._hash = hash(tuple([m.id() for m in t.type_set().methods]))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Cyclic) and identical(self._type, other._type)


def type_key(t: Type) -> Hashable:
    """Return a key that is equal for identical types and for no others.

    Types must be complete. Keys of types that mention type parameters are good as long as those
    are meant.
    """
    key: Hashable = t._key
    if key is None:
        key = _key(t, [], [])
    return key


def _key(t: Any, above: list[Interface], params: list[TypeParam]) -> Any:
    """Compute the key; `above` are the interfaces around `t`, `params` the local parameters."""
    cls = type(t)
    if cls is Alias:
        actual = unalias(t)
        if actual is None:
            # Still being declared.
            return t
        t = actual
        cls = type(t)
    key = t._key
    if key is not None and not params and not above:
        return key
    if cls is Basic:
        key = t.kind
    elif cls is Named:
        if not t.type_args:
            key = t.origin.obj
        elif not params:
            # One instance stands for all that are identical: a key of parts in parts could take
            # time that doubles with every level.
            parts = tuple([_key(each, [], params) for each in t.type_args])
            instances = t.origin.instances
            if instances is None:
                instances = t.origin.instances = {}
            key = t._key = instances.setdefault(parts, t)
            return key
        else:
            key = (
                "named",
                t.origin.obj,
                *[_key(each, above, params) for each in t.type_args],
            )
    elif cls is TypeParam:
        if t in params:
            return ("param", len(params) - params.index(t))
        return t
    elif cls is Pointer:
        key = ("*", _key(t.base, above, params))
    elif cls is Slice:
        key = ("[]", _key(t.elem, above, params))
    elif cls is Array:
        key = ("[", t.len, _key(t.elem, above, params))
    elif cls is Map:
        key = ("map", _key(t.key, above, params), _key(t.elem, above, params))
    elif cls is Chan:
        key = ("chan", t.dir, _key(t.elem, above, params))
    elif cls is Struct:
        fields = [
            (f.id(), f.embedded, t.tag(i), _key(f.type, above, params))
            for i, f in enumerate(t.fields)
        ]
        key = ("struct", *fields)
    elif cls is Tuple:
        key = ("tuple", *[_key(v.type, above, params) for v in t.vars])
    elif cls is Signature:
        if t.type_params:
            params = [*t.type_params, *params]
        key = (
            "func",
            t.variadic,
            *[_key(each.bound, above, params) for each in t.type_params],
            _key(t.params, above, params),
            _key(t.results, above, params),
        )
    elif cls is Interface:
        return _interface_key(t, above, params)
    elif cls is Union:
        terms = compute_union_type_set(None, {}, 0, t).terms
        key = ("union", _terms_key(terms, above, params))
    else:
        raise TypeError(f"no key for {t!r}")
    if not params and not above:
        t._key = key
    return key


def _terms_key(terms: Any, above: list[Interface], params: list[TypeParam]) -> Hashable:
    return frozenset([(t.tilde, t.type is not None and _key(t.type, above, params)) for t in terms])


class _CycleFound(Exception):
    """An interface was met inside itself."""

    def __init__(self, t: Interface) -> None:
        self.type = t


def _interface_key(t: Interface, above: list[Interface], params: list[TypeParam]) -> Any:
    if t in above:
        raise _CycleFound(t)
    tset = t.type_set()
    inside = [*above, t] if tset.methods else above
    try:
        key: Any = (
            "interface",
            tset.comparable,
            _terms_key(tset.terms, above, params),
            *[(m.id(), _key(m.type, inside, params)) for m in tset.methods],
        )
    except _CycleFound as found:
        if found.type is not t:
            raise
        key = _Cyclic(t)
    if not params and not above and t.complete:
        t._key = key
    return key


_DEFAULTS: dict[int, Type] = {
    UNTYPED_BOOL: TYP[BOOL],
    UNTYPED_INT: TYP[INT],
    UNTYPED_RUNE: UNIVERSE_RUNE,
    UNTYPED_FLOAT: TYP[FLOAT64],
    UNTYPED_COMPLEX: TYP[COMPLEX128],
    UNTYPED_STRING: TYP[STRING],
}


def default(t: Type) -> Type:
    """Return the type that a value of untyped type `t` gets by itself; other types as they are."""
    if type(t) is Basic and t.info & IS_UNTYPED:
        return _DEFAULTS.get(t.kind, t)
    return t


def max_type(x: Type, y: Type) -> Type | None:
    """Return the more general one of two untyped numeric types; None if they are none."""
    if x is y:
        return x
    if is_untyped_numeric(x) and is_untyped_numeric(y):
        assert isinstance(x, Basic) and isinstance(y, Basic)
        return x if x.kind > y.kind else y
    return None
