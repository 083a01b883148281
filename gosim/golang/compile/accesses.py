"""Accesses to what goroutines may share, as steps of their own (``GoProgram(races=True)``).

Where plain code reads an attribute or an element, code for exploration awaits an operation of
`gosim.golang.values.accesses` that does it: the function becomes a coroutine function. Left plain
is what only one goroutine can reach (variables that no other goroutine's function literal uses and
no pointer leads to) and what nobody changes (`sharing`).
"""

from __future__ import annotations

import ast
from typing import Any

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.compile.analysis import CALL, Body, Use
from gosim.golang.compile.build import Builder
from gosim.golang.compile.layout import attribute, is_aggregate
from gosim.golang.types.objects import Var
from gosim.golang.types.types import Array, Pointer, Struct, Type

__all__ = ["AccessMixin", "meets_others", "shown"]

#: Of so many parts each is told.
_MOST = 256


def meets_others(v: Any) -> bool:
    """Whether function literals that may run in other goroutines use a variable that changes."""
    use = v.memo
    if type(use) is not Use or not use.captured or not (use.assigned or use.far):
        return False
    todo: list[Body] = [use.body]
    while todo:
        body = todo.pop()
        for inner in body.children.values():
            if v not in inner.captured:
                continue
            ways = [how for how, kind, thing in body.edges if kind == "lit" and thing is inner]
            if any(how != CALL for how in ways) and not isinstance(inner.node, go.RangeStmt):
                return True
            todo.append(inner)
    return False


class AccessMixin(Builder):
    """Makes accesses of expressions, where the program is compiled for that."""

    #: Whether accesses are steps here.
    races = False
    blocking: bool
    node: Any
    waits: int
    program: Any
    info: Any
    types: Any

    def access(self, helper: str, *args: ast.expr) -> ast.expr:
        """Await an operation; the function blocks from now on."""
        if not self.blocking:
            self.program.colours.turn(self.node)
        self.waits += 1
        return ast.Await(self.invoke(helper, *args), lineno=self.line, col_offset=0)

    # -- what is left out -------------------------------------------------------------------------

    def private(self, e: go.Expr) -> bool:
        """Whether `e` is a variable, or a part of one, that only this goroutine can reach."""
        while True:
            e = unparen(e)
            if isinstance(e, go.Ident):
                v = self.info.uses.get(e) or self.info.defs.get(e)
                return type(v) is Var and type(v.memo) is Use and self.kind_of(v) == "local"
            if isinstance(e, go.SelectorExpr):
                selection = self.info.selections.get(e)
                if selection is None or selection.indirect or selection.kind != "field":
                    return False
                if isinstance(self.resolve(selection.recv).underlying(), Pointer):
                    return False
            elif isinstance(e, go.IndexExpr):
                tv = self.info.types.get(e.x)
                if tv is None or not isinstance(tv.type.underlying(), Array):
                    return False
            else:
                return isinstance(e, (go.CallExpr, go.CompositeLit))
            e = e.x

    # -- reads ------------------------------------------------------------------------------------

    def read(self, x: ast.expr, t: Type, field: str = "") -> ast.expr:
        """`x`, an attribute or an element of type `t`, to be read; `field`: what Go calls it."""
        if not self.races or is_aggregate(t) or (field and not self.program.sharing.changes(field)):
            return x
        if isinstance(x, ast.Attribute):
            name = shown(x)
            return self.access("read_field", x.value, self.const(x.attr), self.const(name))
        if isinstance(x, ast.Subscript):
            return self.access("read_item", x.value, x.slice, self.element_name(x))
        return x

    def read_all(self, x: ast.expr, t: Type, e: go.Expr) -> ast.expr:
        """`x`, a struct or array that is going to be copied."""
        if not self.races or not is_aggregate(t) or self.private(e):
            return x
        return self.access("read_whole", x, self.const(shown(x)), self.leaves(t))

    def leaves(self, t: Type) -> ast.expr:
        """The parts of a struct or array that have no parts: paths of fields and indices."""
        found: list[tuple[str | int, ...]] = []
        todo: list[tuple[Type, tuple[str | int, ...]]] = [(t, ())]
        while todo and len(found) < _MOST:
            part, path = todo.pop()
            u = part.underlying()
            if path and (not is_aggregate(part) or self.types.is_native(part)):
                found.append(path)
            elif isinstance(u, Struct) and not self.types.is_native(part):
                todo += [
                    (self.resolve(field.type), (*path, attribute(u, i)))
                    for i, field in reversed(list(enumerate(u.fields)))
                    if self.program.sharing.changes(field.name)
                ]
            elif isinstance(u, Array):
                todo += [(u.elem, (*path, i)) for i in reversed(range(min(u.len, _MOST)))]
        return self.const(tuple(found))

    def read_map(self, x: ast.expr) -> ast.expr:
        """`x`, a map that is going to be looked into."""
        return self.access("read_map", x, self.const(shown(x))) if self.races else x

    def write_map(self, x: ast.expr) -> ast.expr:
        """`x`, a map that is going to be changed."""
        return self.access("write_map", x, self.const(shown(x))) if self.races else x

    def element_name(self, x: ast.Subscript) -> ast.expr:
        """What an element is called."""
        index = repr(x.slice.value) if isinstance(x.slice, ast.Constant) else "…"
        return self.const(f"{shown(x.value)}[{index}]")

    # -- writes -----------------------------------------------------------------------------------

    def write(self, x: ast.expr, value: ast.expr, t: Type) -> list[ast.stmt]:
        """Assign `value` to `x`, an attribute or an element."""
        if is_aggregate(t):
            new, old = self.temp(), self.temp()
            self_ = self.name(old)
            return [
                self.set(new, value),
                self.set(old, x),
                self.do(
                    self.access(
                        "write_whole",
                        self_,
                        self.const(shown(x)),
                        self.leaves(t),
                    )
                ),
                self.change(self.name(old), self.name(new), t),
            ]
        if isinstance(x, ast.Attribute):
            args = [value, x.value, self.const(x.attr), self.const(shown(x))]
            return [self.do(self.access("write_field", *args))]
        assert isinstance(x, ast.Subscript)
        return [self.do(self.access("write_item", value, x.value, x.slice, self.element_name(x)))]

    # -- others' ----------------------------------------------------------------------------------

    def kind_of(self, v: Var) -> str:
        """See `FuncCompiler`."""
        raise NotImplementedError

    def resolve(self, t: Type) -> Type:
        """See `ExprMixin`."""
        raise NotImplementedError

    def temp(self) -> str:
        """See `FuncCompiler`."""
        raise NotImplementedError

    def change(self, x: ast.expr, value: ast.expr, t: Type) -> ast.stmt:
        """See `PlaceMixin`."""
        raise NotImplementedError


def shown(x: ast.expr) -> str:
    """Return what an expression is called in a report."""
    if isinstance(x, ast.Name):
        if x.id.startswith("."):
            return "…"
        name = x.id.partition("'")[0]
        return name.removeprefix("main.")
    if isinstance(x, ast.NamedExpr):
        return shown(x.value)
    if isinstance(x, ast.Attribute):
        inner = shown(x.value)
        return inner if x.attr in ("v", "a", "d") else f"{inner}.{x.attr.rstrip('_')}"
    if isinstance(x, ast.Subscript):
        return f"{shown(x.value)}[…]"
    if isinstance(x, ast.Await):
        call = x.value
        if isinstance(call, ast.Call):
            named = [a.value for a in call.args if isinstance(a, ast.Constant)]
            texts = [each for each in named if isinstance(each, str)]
            if isinstance(call.func, ast.Name) and call.func.id == "go:read_field" and texts:
                return texts[-1]
            if call.args and isinstance(call.func, ast.Name) and call.func.id == "go:read_item":
                return texts[0] if texts else "…"
            if call.func and isinstance(call.func, ast.Name) and "read_" in call.func.id:
                return shown(call.args[0])
    return "…"
