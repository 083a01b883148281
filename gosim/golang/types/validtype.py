"""Types that would contain themselves (``types2/validtype.go``)."""

from __future__ import annotations

from typing import Any

from gosim.golang.types.errors import ErrorsMixin
from gosim.golang.types.predicates import identical
from gosim.golang.types.types import (
    INVALID,
    TYP,
    Array,
    Interface,
    Named,
    Struct,
    TypeParam,
    Union,
    unalias,
)

__all__ = ["ValidTypeMixin"]


class ValidTypeMixin(ErrorsMixin):
    """Finds types of infinite size."""

    def valid_type(self, t: Named) -> None:
        self._valid(t, [], [])

    def _valid(self, typ: Any, nest: list[Named], path: list[Named]) -> bool:
        """Walk what the memory of `typ` consists of.

        `nest` are the types whose memory we are in, `path` all names on the way.
        """
        t = unalias(typ)
        if isinstance(t, Named):
            return self._valid_named(t, nest, path)
        if isinstance(t, Array):
            return self._valid(t.elem, nest, path)
        if isinstance(t, Struct):
            return self._all_valid([f.type for f in t.fields], nest, path)
        if isinstance(t, Union):
            return self._all_valid([term.type for term in t.terms], nest, path)
        if isinstance(t, Interface):
            return self._all_valid(t.embeddeds, nest, path)
        if isinstance(t, TypeParam) and nest:
            # It stands for an argument of the innermost type, which was written outside of it.
            inst = nest[-1]
            for tparam, targ in zip(inst.type_params, inst.type_args, strict=False):
                if tparam is t:
                    return self._valid(targ, nest[:-1], path)
        return True

    def _all_valid(self, types: list[Any], nest: list[Named], path: list[Named]) -> bool:
        for each in types:
            if not self._valid(each, nest, path):
                return False
        return True

    def _valid_named(self, t: Named, nest: list[Named], path: list[Named]) -> bool:
        # A type that holds only types found valid before, none of them generic, is valid itself.
        if t.valid is True:
            return True
        for e in nest:
            if e is t or (e.type_args and identical(e, t)):
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
        ok = self._valid(rhs, [*nest, t], [*path, t])
        if ok and not nest and not t.type_args and not t.type_params:
            t.valid = True
        return ok
