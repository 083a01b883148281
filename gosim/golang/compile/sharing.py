"""What of a program can change while several goroutines use it: the rest need not be watched.

Decided by names, for the whole program at once: a field that no statement assigns to, and of which
nobody takes the address, is the same for ever once the struct is made, whoever reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.types.objects import Var
from gosim.golang.types.types import Array, Pointer, Struct, TypeParam, unalias

if TYPE_CHECKING:
    from gosim.golang.packages import Build
    from gosim.golang.types.info import Info

__all__ = ["Sharing"]


class Sharing:
    """The fields and package variables that are assigned to.

    Attributes
    ----------
    fields : set of str
        Names of fields.
    globals : set of Var
        Package variables.
    everything : bool
        Values of unknown types are assigned to through pointers: any field may change.
    """

    def __init__(self, build: Build) -> None:
        self.fields: set[str] = set()
        self.globals: set[Var] = set()
        self.everything = False
        for unit in build.packages:
            if not unit.standard:
                for tree in unit.files:
                    for node in go.walk(tree):
                        self._look(unit.info, node)

    def changes(self, field: str) -> bool:
        """Whether a field of this name may change."""
        return self.everything or field in self.fields

    def _look(self, info: Info, node: Any) -> None:
        if isinstance(node, go.AssignStmt):
            for e in node.lhs:
                if node.tok != ":=" or info.defs.get(e) is None:  # type: ignore[call-overload]
                    self._assigned(info, e)
        elif isinstance(node, go.IncDecStmt):
            self._assigned(info, node.x)
        elif isinstance(node, go.RangeStmt):
            if node.tok == "=":
                for each in (node.key, node.value):
                    if each is not None:
                        self._assigned(info, each)
        elif isinstance(node, go.UnaryExpr):
            if node.op == "&":
                self._pointed_at(info, node.x)
        elif isinstance(node, go.SliceExpr):
            self._pointed_at(info, node.x)
        elif isinstance(node, go.SelectorExpr):
            selection: Any = info.selections.get(node)
            if (
                selection is not None
                and selection.kind == "method"
                and selection.obj.has_ptr_recv()
                and type(selection.recv.underlying()) is not Pointer
            ):
                self._pointed_at(info, node.x)

    def _assigned(self, info: Info, e: go.Expr) -> None:
        e = unparen(e)
        tv = info.types.get(e)
        var: Any = None
        if isinstance(e, go.Ident):
            var = info.uses.get(e)
        elif isinstance(e, go.SelectorExpr):
            if info.selections.get(e) is None:
                var = info.uses.get(e.sel)
            else:
                self.fields.add(e.sel.name)
        if type(var) is Var:
            self.globals.add(var)
        t = var.type if type(var) is Var else tv.type if tv is not None else None
        if t is not None:
            self._whole(t, set())

    def _pointed_at(self, info: Info, e: go.Expr) -> None:
        e = unparen(e)
        if isinstance(e, go.SelectorExpr) and info.selections.get(e) is not None:
            self.fields.add(e.sel.name)
            return
        name = e.sel if isinstance(e, go.SelectorExpr) else e
        var = info.uses.get(name) if isinstance(name, go.Ident) else None
        if type(var) is Var:
            self.globals.add(var)

    def _whole(self, t: Any, seen: set[int]) -> None:
        """Note that all fields of a struct are assigned to at once."""
        if type(unalias(t)) is TypeParam:
            self.everything = True
            return
        u = t.underlying()
        if id(u) in seen:
            return
        seen.add(id(u))
        if isinstance(u, Struct):
            for field in u.fields:
                self.fields.add(field.name)
                self._whole(field.type, seen)
        elif isinstance(u, Array):
            self._whole(u.elem, seen)
