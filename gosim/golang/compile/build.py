"""Python syntax trees, made short: every node at the line of the Go source that is being compiled.

Any text is a name in a tree, so generated names cannot meet a program's: ``main.f`` is a function,
``.3`` a temporary, ``go:wrap`` a helper of `gosim.golang.values`, ``type:[]int`` a type.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

__all__ = ["Builder"]

_LOAD = ast.Load()
_STORE = ast.Store()
_DEL = ast.Del()
_OPERATORS: dict[str, ast.operator] = {
    "+": ast.Add(),
    "-": ast.Sub(),
    "*": ast.Mult(),
    "/": ast.Div(),
    "//": ast.FloorDiv(),
    "%": ast.Mod(),
    "&": ast.BitAnd(),
    "|": ast.BitOr(),
    "^": ast.BitXor(),
    "<<": ast.LShift(),
    ">>": ast.RShift(),
}
_UNARY: dict[str, ast.unaryop] = {
    "-": ast.USub(),
    "+": ast.UAdd(),
    "~": ast.Invert(),
    "not": ast.Not(),
}
_COMPARISONS: dict[str, ast.cmpop] = {
    "==": ast.Eq(),
    "!=": ast.NotEq(),
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
    "is": ast.Is(),
    "is not": ast.IsNot(),
    "in": ast.In(),
    "not in": ast.NotIn(),
}
_AND, _OR = ast.And(), ast.Or()


class Builder:
    """Makes nodes; `line` is the line that they get."""

    line: int = 1

    # -- names, constants, parts ------------------------------------------------------------------

    def name(self, name: str) -> ast.Name:
        """``name``."""
        return ast.Name(name, _LOAD, lineno=self.line, col_offset=0)

    def target(self, name: str) -> ast.Name:
        """``name``, to be assigned to."""
        return ast.Name(name, _STORE, lineno=self.line, col_offset=0)

    def helper(self, name: str) -> ast.Name:
        """A helper of `gosim.golang.values.HELPERS`."""
        return ast.Name("go:" + name, _LOAD, lineno=self.line, col_offset=0)

    def const(self, value: Any) -> ast.Constant:
        """A literal."""
        return ast.Constant(value, lineno=self.line, col_offset=0)

    def attr(self, x: ast.expr, name: str) -> ast.Attribute:
        """``x.name``."""
        return ast.Attribute(x, name, _LOAD, lineno=self.line, col_offset=0)

    def index(self, x: ast.expr, i: ast.expr) -> ast.Subscript:
        """``x[i]``."""
        return ast.Subscript(x, i, _LOAD, lineno=self.line, col_offset=0)

    def slice(
        self, low: ast.expr | None, high: ast.expr | None, step: ast.expr | None = None
    ) -> ast.Slice:
        """``low:high``."""
        return ast.Slice(low, high, step, lineno=self.line, col_offset=0)

    def tuple(self, elts: Sequence[ast.expr]) -> ast.Tuple:
        """``(a, b)``."""
        return ast.Tuple(list(elts), _LOAD, lineno=self.line, col_offset=0)

    def list(self, elts: Sequence[ast.expr]) -> ast.List:
        """``[a, b]``."""
        return ast.List(list(elts), _LOAD, lineno=self.line, col_offset=0)

    def dict(self, keys: Sequence[ast.expr | None], values: Sequence[ast.expr]) -> ast.Dict:
        """``{k: v}``."""
        return ast.Dict(list(keys), list(values), lineno=self.line, col_offset=0)

    # -- operations -------------------------------------------------------------------------------

    def call(self, f: ast.expr, *args: ast.expr) -> ast.Call:
        """``f(args)``."""
        return ast.Call(f, list(args), [], lineno=self.line, col_offset=0)

    def invoke(self, helper: str, *args: ast.expr) -> ast.Call:
        """Call of a helper."""
        return ast.Call(self.helper(helper), list(args), [], lineno=self.line, col_offset=0)

    def method(self, x: ast.expr, name: str, *args: ast.expr) -> ast.Call:
        """``x.name(args)``."""
        return self.call(self.attr(x, name), *args)

    def bind(self, name: str, value: ast.expr) -> ast.NamedExpr:
        """``(name := value)``."""
        return ast.NamedExpr(self.target(name), value, lineno=self.line, col_offset=0)

    def binary(self, op: str, x: ast.expr, y: ast.expr) -> ast.BinOp:
        """``x op y``."""
        return ast.BinOp(x, _OPERATORS[op], y, lineno=self.line, col_offset=0)

    def unary(self, op: str, x: ast.expr) -> ast.UnaryOp:
        """``op x``."""
        return ast.UnaryOp(_UNARY[op], x, lineno=self.line, col_offset=0)

    def not_(self, x: ast.expr) -> ast.expr:
        """``not x``, by the opposite comparison where that is the same."""
        return ast.UnaryOp(_UNARY["not"], x, lineno=self.line, col_offset=0)

    def compare(self, x: ast.expr, *rest: str | ast.expr) -> ast.Compare:
        """``x op y op z``."""
        ops: list[ast.cmpop] = [_COMPARISONS[op] for op in rest[::2]]  # type: ignore[index]
        return ast.Compare(x, ops, list(rest[1::2]), lineno=self.line, col_offset=0)  # type: ignore[arg-type]

    def and_(self, *xs: ast.expr) -> ast.expr:
        """``x and y``."""
        if len(xs) == 1:
            return xs[0]
        return ast.BoolOp(_AND, list(xs), lineno=self.line, col_offset=0)

    def or_(self, *xs: ast.expr) -> ast.expr:
        """``x or y``."""
        if len(xs) == 1:
            return xs[0]
        return ast.BoolOp(_OR, list(xs), lineno=self.line, col_offset=0)

    def if_(self, test: ast.expr, yes: ast.expr, no: ast.expr) -> ast.IfExp:
        """``yes if test else no``."""
        return ast.IfExp(test, yes, no, lineno=self.line, col_offset=0)

    def lambda_(self, parameters: Sequence[str], body: ast.expr) -> ast.Lambda:
        """``lambda parameters: body``."""
        return ast.Lambda(self.parameters(parameters), body, lineno=self.line, col_offset=0)

    def parameters(self, names: Sequence[str]) -> ast.arguments:
        """The parameters of a function."""
        args = [ast.arg(n, lineno=self.line, col_offset=0) for n in names]
        return ast.arguments([], args, None, [], [], None, [])

    # -- statements -------------------------------------------------------------------------------

    def assign(self, target: ast.expr, value: ast.expr) -> ast.Assign:
        """``target = value``; `target` may be an expression as it is read."""
        return ast.Assign([self.as_target(target)], value, lineno=self.line, col_offset=0)

    def set(self, name: str, value: ast.expr) -> ast.Assign:
        """``name = value``."""
        return ast.Assign([self.target(name)], value, lineno=self.line, col_offset=0)

    def as_target(self, x: ast.expr) -> ast.expr:
        """An expression as it is read, to be assigned to."""
        if isinstance(x, (ast.Name, ast.Attribute, ast.Subscript, ast.Tuple)):
            x.ctx = _STORE
            if isinstance(x, ast.Tuple):
                for each in x.elts:
                    self.as_target(each)
        return x

    def do(self, x: ast.expr) -> ast.Expr:
        """An expression as a statement."""
        return ast.Expr(x, lineno=self.line, col_offset=0)

    def return_(self, x: ast.expr | None) -> ast.Return:
        """``return x``."""
        return ast.Return(x, lineno=self.line, col_offset=0)

    def when(
        self, test: ast.expr, body: Sequence[ast.stmt], orelse: Sequence[ast.stmt] = ()
    ) -> ast.If:
        """``if test: body else: orelse``."""
        return ast.If(test, list(body), list(orelse), lineno=self.line, col_offset=0)
