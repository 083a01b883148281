"""``select``."""

from __future__ import annotations

import ast
from typing import Any

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.compile.parts import Parts
from gosim.golang.compile.statements import visits

__all__ = ["SelectMixin"]


class SelectMixin(Parts):
    """Compiles ``select`` into one operation and a chain of ``if``."""

    def select_stmt(self, s: go.SelectStmt) -> None:
        """``select {...}``."""
        label = self.take_label()
        self.position(s.select)
        clauses: list[go.CommClause] = [c for c in s.body.list if isinstance(c, go.CommClause)]
        cases: list[ast.expr] = []
        waiting: list[go.CommClause] = []
        default = None
        for c in clauses:
            if c.comm is None:
                default = c
                continue
            self.position(c.case)
            waiting.append(c)
            if isinstance(c.comm, go.SendStmt):
                elem = self.elem_of(c.comm.chan)
                cases.append(self.tuple([self.expr(c.comm.chan), self.value(c.comm.value, elem)]))
            else:
                cases.append(self.expr(self.received(c.comm).x))
        if default is not None:
            cases.append(self.helper("default"))
            waiting.append(default)
        self.position(s.select)
        index, value, ok = self.temp(), self.temp(), self.temp()
        chosen = self.wait(self.invoke("select", *cases))
        if len(waiting) == 0:
            self.out.append(self.do(chosen))
            return
        targets = [self.target(index), self.target(value), self.target(ok)]
        self.out.append(
            self.assign(
                ast.Tuple(list(targets), ast.Store(), lineno=self.line, col_offset=0), chosen
            )
        )
        bodies = [x for c in clauses for x in c.body]

        def make() -> None:
            here = self.out
            top = here
            for i, c in enumerate(waiting):
                self.position(c.case)
                made = self.clause(c, value, ok)
                if i + 1 == len(waiting):
                    here += made
                else:
                    test = self.compare(self.name(index), "==", self.const(i))
                    branch = self.when(test, made)
                    here.append(branch)
                    here = branch.orelse
            self.out = top

        self.breakable(s, bodies, label, make)

    def elem_of(self, channel: go.Expr) -> Any:
        """The element type of a channel."""
        under: Any = self.typ(channel).underlying()
        return under.elem

    def received(self, comm: go.Stmt) -> Any:
        """The ``<-ch`` of a case."""
        if isinstance(comm, go.ExprStmt):
            return unparen(comm.x)
        assert isinstance(comm, go.AssignStmt)
        return unparen(comm.rhs[0])

    def clause(self, c: go.CommClause, value: str, ok: str) -> list[ast.stmt]:
        """Compile what a case does once it is chosen."""
        self.open()
        outer, self.out = self.out, []
        if isinstance(c.comm, go.AssignStmt):
            elem = self.resolve(self.elem_of(self.received(c.comm).x))
            zero = self.zero(elem)
            got: ast.expr = self.name(value)
            if not (isinstance(zero, ast.Constant) and zero.value is None):
                got = self.if_(self.name(ok), got, zero)
            parts: list[tuple[ast.expr, Any]] = [(got, elem)]
            if len(c.comm.lhs) > 1:
                from gosim.golang.types.types import BOOL, TYP

                parts.append((self.name(ok), TYP[BOOL]))
            for e, (part, t) in zip(c.comm.lhs, parts, strict=True):
                if self.is_blank(e):
                    continue
                if c.comm.tok == ":=":
                    var: Any = self.info.defs.get(e)  # type: ignore[call-overload]
                    self.declare(var, part)
                else:
                    place = self.place(e)
                    self.out += place.store(self.convert(part, t, place.type))
        body = list(c.body)
        if body and isinstance(last := body[-1], go.BranchStmt):
            if last.tok == "break" and last.label is None:
                body.pop()
        self.out += self.statements(body)
        made, self.out = self.out, outer
        self.close()
        return made or [ast.Pass(lineno=self.line, col_offset=0)]


visits(SelectMixin, {go.SelectStmt: "select_stmt"})
