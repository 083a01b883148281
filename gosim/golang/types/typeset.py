"""Type sets of interfaces: their methods and the types that may implement them."""

from __future__ import annotations

# Types nest: a generator in any() would take C stack for every level, a list or loop does not.
# ruff: noqa: C419, SIM110
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gosim.golang.types.objects import Func, ObjSet, Package
from gosim.golang.types.types import (
    EMPTY_INTERFACE,
    TYP,
    Interface,
    Term,
    Type,
    Union,
    unalias,
)

if TYPE_CHECKING:
    from gosim.golang.types.scope import Scope  # noqa: F401

#: More terms a union cannot have.
MAX_TERM_COUNT = 100

_INVALID = TYP[0]

# ------------------------------------------------------------------ terms and lists of them

#: A list of terms stands for the union of their types. None is the empty term.
TermList = list[Term]

#: The list of all types.
ALL_TERMS: TermList = [Term(False, None)]


def _disjoint(x: Term, y: Term) -> bool:
    from gosim.golang.types.predicates import identical

    ux = x.type
    if y.tilde:
        ux = ux.underlying()
    uy = y.type
    if x.tilde:
        uy = uy.underlying()
    return not identical(ux, uy)


def term_includes(x: Term, t: Type) -> bool:
    """Whether `t` is among the types of a term."""
    from gosim.golang.types.predicates import identical

    if x.type is None:
        return True
    return identical(x.type, t.underlying() if x.tilde else t)


def term_subset(x: Term, y: Term) -> bool:
    """Whether the types of `x` are among those of `y`."""
    if y.type is None:
        return True
    if x.type is None or _disjoint(x, y):
        return False
    return not x.tilde or y.tilde


def _intersect(x: Term, y: Term) -> Term | None:
    if x.type is None:
        return y
    if y.type is None:
        return x
    if _disjoint(x, y):
        return None
    return x if not x.tilde or y.tilde else y


def terms_all(xl: TermList) -> bool:
    """Whether the list has every type."""
    if xl is ALL_TERMS:
        return True
    return any([x.type is None for x in xl])


def terms_norm(xl: TermList) -> TermList:
    """Return a list of the same types whose terms are disjoint."""
    used = [False] * len(xl)
    result: TermList = []
    for i, x in enumerate(xl):
        if used[i]:
            continue
        for j in range(i + 1, len(xl)):
            if used[j]:
                continue
            y = xl[j]
            if x.type is None or y.type is None:
                return ALL_TERMS
            if not _disjoint(x, y):
                if not x.tilde and y.tilde:
                    x = y
                used[j] = True
        result.append(x)
    return ALL_TERMS if len(result) == 1 and result[0].type is None else result


def terms_union(xl: TermList, yl: TermList) -> TermList:
    """Return the types of both."""
    return terms_norm([*xl, *yl])


def terms_intersect(xl: TermList, yl: TermList) -> TermList:
    """Return the types common to both."""
    if xl is ALL_TERMS:
        return yl
    if yl is ALL_TERMS:
        return xl
    result = []
    for x in xl:
        for y in yl:
            r = _intersect(x, y)
            if r is not None:
                result.append(r)
    return terms_norm(result)


def terms_subset(xl: TermList, yl: TermList) -> bool:
    """Whether the types of `xl` are among those of `yl`."""
    if yl is ALL_TERMS or xl is yl:
        return True
    if not yl:
        return not xl
    return all([any([term_subset(x, y) for y in yl]) for x in xl])


def terms_equal(xl: TermList, yl: TermList) -> bool:
    """Whether both have the same types."""
    return xl is yl or (terms_subset(xl, yl) and terms_subset(yl, xl))


# ------------------------------------------------------------------ type sets


class TypeSet:
    """What an interface describes.

    Attributes
    ----------
    methods
        All methods, sorted: exported ones first, each part by name.
    terms
        The types that may implement it, `ALL_TERMS` when there is no restriction.
    comparable
        Whether only comparable types may; never with a restriction in `terms`.
    """

    __slots__ = ("_by_name", "comparable", "methods", "terms")

    def __init__(
        self,
        methods: list[Func] | None = None,
        terms: TermList = ALL_TERMS,
        comparable: bool = False,
    ) -> None:
        self.methods: list[Func] = [] if methods is None else methods
        self.terms = terms
        self.comparable = comparable
        self._by_name: dict[str, int] | None = None

    def is_empty(self) -> bool:
        """Whether no type is in it."""
        return not self.terms

    def is_all(self) -> bool:
        """Whether every type is in it."""
        return not self.methods and not self.comparable and terms_all(self.terms)

    def is_method_set(self) -> bool:
        """Whether methods describe it fully."""
        return not self.comparable and terms_all(self.terms)

    def is_comparable(self, seen: set[Type] | None) -> bool:
        """Whether all its types are comparable."""
        if terms_all(self.terms):
            return self.comparable
        from gosim.golang.types.predicates import comparable_type

        return self.is_(lambda t: t is not None and comparable_type(t.type, False, seen) is None)

    def has_terms(self) -> bool:
        """Whether `terms` is a restriction that some types fulfil."""
        return bool(self.terms) and not terms_all(self.terms)

    def subset_of(self, other: TypeSet) -> bool:
        """Whether the terms allow only what the terms of `other` allow."""
        return terms_subset(self.terms, other.terms)

    def lookup_method(
        self, pkg: Package | None, name: str, fold_case: bool = False
    ) -> tuple[int, Func | None]:
        """Return index and method of that name as `pkg` sees them, or (-1, None)."""
        methods = self.methods
        if not methods or name == "_":
            return -1, None
        if not fold_case and len(methods) > 8:
            by_name = self._by_name
            if by_name is None:
                by_name = self._by_name = {}
                for i, m in enumerate(methods):
                    # Unexported methods of several packages may share a name.
                    by_name[m.name] = -1 if m.name in by_name else i
            i = by_name.get(name, -2)
            if i == -2:
                return -1, None
            if i >= 0:
                m = methods[i]
                return (i, m) if m.same_id(pkg, name) else (-1, None)
        for i, m in enumerate(methods):
            if m.same_id(pkg, name, fold_case):
                return i, m
        return -1, None

    def all(self, f: Callable[[Type | None, Type | None], bool]) -> bool:
        """Whether `f` holds for every type and its underlying one; (None, None) without terms."""
        if not self.has_terms():
            return f(None, None)
        for t in self.terms:
            u = unalias(t.type)
            if not t.tilde:
                u = u.underlying()
            if not f(t.type, u):
                return False
        return True

    def is_(self, f: Callable[[Term | None], bool]) -> bool:
        """Whether `f` holds for every term; it gets None if there are none."""
        if not self.has_terms():
            return f(None)
        for t in self.terms:
            if not f(t):
                return False
        return True


TOP_TYPE_SET = TypeSet()
COMPARABLE_TYPE_SET = TypeSet(comparable=True)
EMPTY_INTERFACE.tset = TOP_TYPE_SET

_INVALID_TYPE_SET = TypeSet(terms=[])


def compute_interface_type_set(check: Any, pos: int, ityp: Interface) -> TypeSet:
    """Compute and keep the type set of an interface; errors go to `check` if there is one."""
    if ityp.tset is not None:
        return ityp.tset
    # What is still being declared is reported elsewhere.
    if not ityp.complete:
        return TOP_TYPE_SET
    # For interfaces that embed themselves.
    tset = ityp.tset = TypeSet()
    union_sets: dict[Union, TypeSet] = {} if check is None else check.union_type_sets
    seen = ObjSet()
    methods: list[Func] = []
    places: dict[Func, int] = {}

    def add_method(pos: int, m: Func, explicit: bool) -> None:
        other = seen.insert(m)
        if other is None:
            methods.append(m)
            places[m] = pos
            return
        if check is None:
            return
        assert isinstance(other, Func)
        first = other

        def duplicate() -> None:
            err = check.new_error("DuplicateDecl")
            err.addf(pos, "duplicate method %s", m.name)
            err.addf(places[first], "other declaration of method %s", m.name)
            err.report()

        def duplicate_if_different() -> None:
            from gosim.golang.types.predicates import identical

            if (pos and not check.allow_version(14)) or not identical(m.type, first.type):
                duplicate()

        if explicit:
            duplicate()
        else:
            # The types may not be complete yet.
            check.later(duplicate_if_different)

    for m in ityp.methods:
        add_method(m.pos, m, True)
    all_terms = ALL_TERMS
    all_comparable = False
    embed_pos = ityp.embed_pos
    for i, typ in enumerate(ityp.embeddeds):
        at = 0 if embed_pos is None else embed_pos[i]
        comparable = False
        u = typ.underlying()
        if type(u) is Interface:
            other = compute_interface_type_set(check, at, u)
            if (
                at
                and check is not None
                and check.is_imported_constraint(typ)
                and not check.verify_versionf(at, 18, "embedding constraint interface %s", typ)
            ):
                continue
            comparable = other.comparable
            for m in other.methods:
                add_method(at, m, False)
            terms = other.terms
        elif type(u) is Union:
            if (
                at
                and check is not None
                and not check.verify_versionf(at, 18, "embedding interface element %s", u)
            ):
                continue
            other = compute_union_type_set(check, union_sets, at, u)
            if other is _INVALID_TYPE_SET:
                continue
            terms = other.terms
        else:
            if u is _INVALID or u is None:
                continue
            if (
                at
                and check is not None
                and not check.verify_versionf(at, 18, "embedding non-interface type %s", typ)
            ):
                continue
            terms = [Term(False, typ)]
        all_terms, all_comparable = _intersect_term_lists(
            all_terms, all_comparable, terms, comparable
        )
    tset.comparable = all_comparable
    if methods:
        sort_methods(methods)
        tset.methods = methods
    tset.terms = all_terms
    return tset


def _intersect_term_lists(
    xterms: TermList, xcomp: bool, yterms: TermList, ycomp: bool
) -> tuple[TermList, bool]:
    terms = terms_intersect(xterms, yterms)
    comp = xcomp or ycomp
    if comp and not terms_all(terms):
        from gosim.golang.types.predicates import comparable_type

        terms = [t for t in terms if comparable_type(t.type, False, None) is None]
        comp = terms_all(terms)
    return terms, comp


def _method_order(m: Func) -> tuple[bool, str, str]:
    exported = m.exported
    path = "" if exported or m.pkg is None else m.pkg.path
    return not exported, m.name, path


def sort_methods(methods: list[Func]) -> None:
    """Sort methods as type sets have them."""
    if len(methods) > 1:
        methods.sort(key=_method_order)


def compute_union_type_set(
    check: Any, union_sets: dict[Union, TypeSet], pos: int, utyp: Union
) -> TypeSet:
    """Compute the type set of a union; `union_sets` has those known already."""
    tset = union_sets.get(utyp)
    if tset is not None:
        return tset
    # For unions that have themselves as a term.
    tset = union_sets[utyp] = TypeSet(terms=[])
    from gosim.golang.types.predicates import identical

    all_terms: TermList = []
    for t in utyp.terms:
        u = t.type.underlying()
        if type(u) is Interface:
            terms = compute_interface_type_set(check, pos, u).terms
        elif u is _INVALID or u is None:
            continue
        elif t.tilde and not identical(t.type, u):
            # An error that is reported elsewhere.
            terms = []
        else:
            terms = [t]
        all_terms = terms_union(all_terms, terms)
        if len(all_terms) > MAX_TERM_COUNT:
            if check is not None:
                check.errorf(
                    pos,
                    "InvalidUnion",
                    f"cannot handle more than {MAX_TERM_COUNT} union terms"
                    " (implementation limitation)",
                )
            union_sets[utyp] = _INVALID_TYPE_SET
            return _INVALID_TYPE_SET
    tset.terms = all_terms
    return tset
