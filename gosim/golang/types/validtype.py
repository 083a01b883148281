"""Types that would contain themselves (``types2/validtype.go``)."""

from __future__ import annotations

# Types nest: a generator in any() would take C stack for every level.
# ruff: noqa: C419, SIM110
from typing import Any

from gosim.golang.types.errors import ErrorsMixin
from gosim.golang.types.predicates import identical
from gosim.golang.types.types import (
    INVALID,
    TYP,
    Array,
    Basic,
    Chan,
    Interface,
    Map,
    Named,
    Pointer,
    Slice,
    Struct,
    TypeParam,
    Union,
    unalias,
)

__all__ = ["ValidTypeMixin"]


class ValidTypeMixin(ErrorsMixin):
    """Finds types of infinite size."""

    def valid_type(self, t: Named) -> None:
        self._valid(t, [], set(), [])

    def _valid(self, typ: Any, nest: list[Named], inside: set[Named], path: list[Named]) -> bool:
        """Walk what the memory of `typ` consists of.

        `nest` are the types whose memory we are in (`inside` the same as a set), `path` all names
        on the way.
        """
        t = unalias(typ)
        if isinstance(t, Named):
            return self._valid_named(t, nest, inside, path)
        if isinstance(t, Array):
            return self._valid(t.elem, nest, inside, path)
        if isinstance(t, Struct):
            return self._all_valid([f.type for f in t.fields], nest, inside, path)
        if isinstance(t, Union):
            return self._all_valid([term.type for term in t.terms], nest, inside, path)
        if isinstance(t, Interface):
            return self._all_valid(t.embeddeds, nest, inside, path)
        if isinstance(t, TypeParam) and nest:
            # It stands for an argument of the innermost type, which was written outside of it.
            inst = nest[-1]
            for tparam, targ in zip(inst.type_params, inst.type_args, strict=False):
                if tparam is t:
                    nest.pop()
                    inside.remove(inst)
                    ok = self._valid(targ, nest, inside, path)
                    nest.append(inst)
                    inside.add(inst)
                    return ok
        return True

    def _all_valid(
        self, types: list[Any], nest: list[Named], inside: set[Named], path: list[Named]
    ) -> bool:
        for each in types:
            if not self._valid(each, nest, inside, path):
                return False
        return True

    def _valid_named(
        self, t: Named, nest: list[Named], inside: set[Named], path: list[Named]
    ) -> bool:
        if t.valid is True:
            return True
        if t in inside or (
            t.type_args and any([e.type_args and identical(e, t) for e in reversed(nest)])
        ):
            t.origin.from_rhs = TYP[INVALID]
            t.origin._under = None
            t._under = None
            for start, p in enumerate(path):
                if p is t or identical(p, t):
                    self.cycle_error([each.obj for each in path[start:]], 0)
                    return False
            raise AssertionError("cycle start not found")
        origin = t.origin
        if origin.obj.pkg is not self.pkg and not t.type_args:
            return True
        origin.unpack()
        rhs = origin.from_rhs
        if rhs is None:
            return True
        nest.append(t)
        inside.add(t)
        path.append(t)
        ok = self._valid(rhs, nest, inside, path)
        nest.pop()
        inside.discard(t)
        path.pop()
        # What a type without parameters consists of does not depend on where it stands.
        if ok and _closed(t, self.closed):
            t.valid = True
        return ok


def _closed(t: Any, known: dict[Named, bool]) -> bool:
    """Say whether no type parameter occurs in a type; literal types with members count as open."""
    t = unalias(t)
    if isinstance(t, Named):
        found = known.get(t)
        if found is None:
            if t.type_args:
                found = all([_closed(each, known) for each in t.type_args])
            else:
                found = not t.type_params
            known[t] = found
        return found
    if isinstance(t, Array | Slice | Chan):
        return _closed(t.elem, known)
    if isinstance(t, Pointer):
        return _closed(t.base, known)
    if isinstance(t, Map):
        return _closed(t.key, known) and _closed(t.elem, known)
    return isinstance(t, Basic)
