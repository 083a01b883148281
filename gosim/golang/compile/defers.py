"""``defer``, ``go`` and the end of functions."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.compile.parts import Parts
from gosim.golang.compile.statements import visits

__all__ = ["DeferMixin"]


class DeferMixin(Parts):
    """Compiles ``defer`` and ``go``, and ``return`` where deferred calls run."""

    def home_function(self) -> Any:
        """The compiler of the function that this is a part of (for bodies of ranges)."""
        compiler = self
        while isinstance(compiler.body.node, go.RangeStmt):
            compiler = compiler.parent
        return compiler

    @property
    def has_places(self) -> bool:
        """Whether results are assigned before the function returns, for others to see."""
        body = self.body
        if body.defers or any(isinstance(node, go.RangeStmt) for node in body.children):
            return True
        return any(v.name and v.memo is not None and v.memo.captured for v in self.result_vars)

    def set_result_of(self, home: Any, i: int, value: ast.expr) -> list[ast.stmt]:
        """Assign to a result of the function around."""
        v = home.result_vars[i]
        if home._named(v):
            return self.store_var(v, value)
        name = f".r{i}"
        if self is not home:
            self.nonlocals[name] = None
        return [self.set(name, value)]

    def leave_function(self) -> None:
        """Return what stands in the places of the results."""
        home = self.home_function()
        if self is not home:
            self.leave_range_body(-1)
            return
        if self.body.defers:
            self.out.append(self.do(self.run_deferred()))
        self.out.append(self.return_(self.result_value()))

    def run_deferred(self) -> ast.expr:
        """Run the deferred calls where the function returns."""
        if self.blocking:
            return self.wait(self.invoke("run", self.name(".d")))
        return self.invoke("run_plain", self.name(".d"))

    def with_defers(self, block: go.BlockStmt) -> None:
        """Compile the body of a function with deferred calls."""
        self.out.append(self.set(".d", self.list([])))
        first = self.line
        made = self.statements(block.list)
        self.position(block.rbrace)
        if not self.ends(made):
            made.append(self.do(self.run_deferred()))
        if self.blocking:
            unwound = self.wait(self.invoke("unwind", self.name(".d"), self.name(".e")))
        else:
            unwound = self.invoke("unwind_plain", self.name(".d"), self.name(".e"))
        handler = ast.ExceptHandler(
            self.helper("Panics"), ".e", [self.do(unwound)], lineno=self.line, col_offset=0
        )
        last = self.line
        self.line = first
        self.out.append(ast.Try(made, [handler], [], [], lineno=first, col_offset=0))
        self.line = last
        if self.result_vars:
            self.out.append(self.return_(self.result_value()))

    # -- statements -----------------------------------------------------------------------------

    def defer_stmt(self, s: go.DeferStmt) -> None:
        """``defer f(x)``: function and arguments are evaluated now."""
        self.position(s.defer)
        call = unparen(s.call)
        assert isinstance(call, go.CallExpr)
        function, args = self.call_parts(call)
        self.position(s.defer)
        if self.types.counts and self.in_loop():
            function = self.invoke("deferred", function, self.const(len(args)))
        pair = self.tuple([function, self.tuple(args)])
        self.out.append(self.do(self.method(self.name(".d"), "append", pair)))

    def go_stmt(self, s: go.GoStmt) -> None:
        """``go f(x)``."""
        self.position(s.go)
        call = unparen(s.call)
        assert isinstance(call, go.CallExpr)
        tv = self.info.types.get(unparen(call.fun))
        function, args = self.call_parts(call)
        self.position(s.go)
        certain = isinstance(function, ast.Name) and not self.is_variable(function)
        if tv is not None and not tv.is_builtin() and certain and self.blocks(call):
            self.foreign = False
            started = self.invoke("spawn", self.called(function, args))
        else:
            started = self.invoke("spawn_plain", function, *args)
        self.out.append(self.do(started))

    def is_variable(self, name: ast.Name) -> bool:
        """Whether a function may be nil: it is not one that the program declares."""
        return "." not in name.id[1:]

    def called(self, function: ast.expr, args: Sequence[ast.expr]) -> ast.expr:
        """A call."""
        return self.call(function, *args)


visits(DeferMixin, {go.DeferStmt: "defer_stmt", go.GoStmt: "go_stmt"})
