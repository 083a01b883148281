"""The order in which gc evaluates operands, where the spec leaves it open.

gc makes all calls and receives of a list of operands first, from left to right, and reads
variables, fields and elements afterwards: ``f(x.n, x.inc(), x.n)`` passes the new ``x.n`` twice
(``cmd/compile/internal/walk/order.go``).  What no call can change is left where it stands.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.compile.analysis import Use
from gosim.golang.types.objects import Var
from gosim.golang.types.types import Array, Map, Pointer, Slice

__all__ = ["late"]


def late(c: Any, exprs: Sequence[go.Expr], made: list[ast.expr]) -> list[ast.expr]:
    """Return the values `made` of `exprs` so that Python, from left to right, does as gc does.

    Parameters
    ----------
    c : FuncCompiler
    exprs, made
        The operands and their Python; there may be more of `made` than of `exprs`.
    """
    if len(exprs) < 2:
        return made
    first = next((i for i, e in enumerate(exprs) if _changes(c, e) and c.quiet(e)), None)
    if first is None:
        return made
    calls = [i for i in range(first + 1, len(exprs)) if not c.quiet(exprs[i])]
    if not calls:
        return made
    made = list(made)
    before: list[ast.expr] = []
    for i in calls:
        name = c.temp()
        before.append(c.bind(name, made[i]))
        made[i] = c.name(name)
    # The first that must wait comes with all calls in front of it.
    made[first] = c.index(c.tuple([*before, made[first]]), c.const(-1))
    return made


def _changes(c: Any, e: go.Expr) -> bool:
    """Whether `e` reads something that a call can change."""
    e = unparen(e)
    tv = c.info.types.get(e)
    if tv is None or tv.value is not None:
        return False
    if isinstance(e, go.Ident):
        # What only this function knows, nobody it calls can change.
        v = c.info.uses.get(e)
        return type(v) is Var and (
            type(v.memo) is not Use or bool(v.memo.captured or v.memo.address)
        )
    if isinstance(e, go.SelectorExpr):
        selection = c.info.selections.get(e)
        if selection is None:
            return type(c.info.uses.get(e.sel)) is Var
        return bool(selection.kind == "field")
    if isinstance(e, go.StarExpr):
        return True
    if isinstance(e, go.IndexExpr):
        t = c.typ(e.x)
        u = t.underlying() if t is not None else None
        return isinstance(u, (Slice, Array, Pointer)) and not isinstance(u, Map)
    return False
