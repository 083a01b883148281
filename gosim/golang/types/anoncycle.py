"""Interfaces without a name that contain themselves (go.dev/issue/56103).

gc refuses them after a package has been checked without errors
(``cmd/compile/internal/noder/irgen.go``).
"""

from __future__ import annotations

# Types nest: a generator in any() would take C stack for every level.
# ruff: noqa: SIM110
from typing import Any

from gosim.golang.types.errors import ErrorsMixin
from gosim.golang.types.objects import Var
from gosim.golang.types.types import (
    Array,
    Chan,
    Interface,
    Map,
    Pointer,
    Signature,
    Slice,
    Struct,
    Type,
    unalias,
)

__all__ = ["AnonCycleMixin"]

_WHY = (
    "invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)"
)


class AnonCycleMixin(ErrorsMixin):
    """Finds such interfaces."""

    def anonymous_cycles(self) -> None:
        """Report each cycle once, at the first interface type on it."""
        # Interfaces under way (True); interfaces and signatures done (False).
        cyclic: dict[Type, bool] = {}
        end = 0
        for node in sorted(self.interface_types, key=lambda each: each.interface):
            # gc does not look into interface types.
            if node.interface < end:
                continue
            end = node.methods.closing
            typ = unalias(self.info.types[node].type)
            if isinstance(typ, Interface) and _has_cycle(typ, cyclic):
                self.error(node, "InvalidTypeCycle", _WHY)
                cyclic = dict.fromkeys(cyclic, False)


def _has_cycle(typ: Interface, cyclic: dict[Type, bool]) -> bool:
    for m in typ.type_set().methods:
        if _visit(m.type, cyclic):
            return True
    return False


def _any_has_cycle(variables: list[Var], cyclic: dict[Type, bool]) -> bool:
    for v in variables:
        if _visit(v.type, cyclic):
            return True
    return False


def _visit(t: Any, cyclic: dict[Type, bool]) -> bool:
    while True:
        t = unalias(t)
        if isinstance(t, Pointer):
            t = t.base
        elif isinstance(t, Array | Slice | Chan):
            t = t.elem
        elif isinstance(t, Map):
            if _visit(t.key, cyclic):
                return True
            t = t.elem
        elif isinstance(t, Struct):
            return _any_has_cycle(t.fields, cyclic)
        elif isinstance(t, Signature):
            # Embedded methods are met once for every interface that has them.
            if t in cyclic:
                return False
            if _any_has_cycle(t.params.vars, cyclic) or _any_has_cycle(t.results.vars, cyclic):
                return True
            cyclic[t] = False
            return False
        elif isinstance(t, Interface):
            if not t.methods and not t.embeddeds:
                return False
            if t in cyclic:
                return cyclic[t]
            cyclic[t] = True
            if _has_cycle(t, cyclic):
                return True
            cyclic[t] = False
            return False
        else:
            # Names cannot be part of such a cycle.
            return False
