"""``switch``, by value and by type."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, cast

from gosim.golang import ast as go
from gosim.golang.compile.loops import Target
from gosim.golang.compile.parts import Parts
from gosim.golang.compile.statements import visits
from gosim.golang.types.objects import Nil, Var
from gosim.golang.types.types import BOOL, TYP

__all__ = ["SwitchMixin"]

#: So many clauses stand in one chain of ``elif``.
_PIECE = 100


class SwitchMixin(Parts):
    """Compiles switches into chains of ``if``."""

    def breakable(
        self, s: go.Stmt, bodies: Sequence[go.Stmt], label: str, make: Callable[[], None]
    ) -> None:
        """Compile a statement that ``break`` leaves; a loop of one turn if there is such."""
        target = Target(s, label, self.breaks(bodies, label))
        self.targets.append(target)
        if not target.loop:
            make()
            self.targets.pop()
            return
        outer, self.out = self.out, []
        make()
        self.out.append(self.break_())
        made, self.out = self.out, outer
        self.targets.pop()
        self.out.append(ast.While(self.const(True), made, [], lineno=self.line, col_offset=0))
        self.after_loop(target)

    def clause_body(self, clause: go.CaseClause) -> list[go.Stmt]:
        """The statements of a clause without a ``break`` at its end, which does nothing."""
        body = list(clause.body)
        while body and isinstance(body[-1], go.EmptyStmt):
            body.pop()
        if body and (last := body[-1]) and isinstance(last, go.BranchStmt):
            if last.tok == "fallthrough" or (last.tok == "break" and last.label is None):
                body.pop()
        return body

    def switch_stmt(self, s: go.SwitchStmt) -> None:
        """``switch x {...}``."""
        label = self.take_label()
        self.position(s.switch)
        self.open()
        self.stmt(s.init)
        self.position(s.switch)
        tag = ""
        tag_type: Any = TYP[BOOL]
        if s.tag is not None:
            tag_type = self.typ(s.tag)
            value = self.expr(s.tag)
            if isinstance(value, ast.Constant):
                tag = self.temp()
                self.out.append(self.set(tag, value))
            elif isinstance(value, ast.Name) and not self.assigned_in_cases(s):
                tag = value.id
            else:
                tag = self.temp()
                self.out.append(self.set(tag, value))
        clauses: list[go.CaseClause] = [c for c in s.body.list if isinstance(c, go.CaseClause)]
        falls = any(
            c.body and isinstance(c.body[-1], go.BranchStmt) and c.body[-1].tok == "fallthrough"
            for c in clauses
        )
        bodies = [x for c in clauses for x in self.clause_body(c)]

        def make() -> None:
            if falls:
                self.falling(clauses, tag, tag_type)
            else:
                self.chain(
                    [(c, self.case_tests(c, tag, tag_type)) for c in clauses],
                    lambda c: self.block(self.clause_body(c)),
                )

        self.breakable(s, bodies, label, make)
        self.close()

    def assigned_in_cases(self, s: go.SwitchStmt) -> bool:
        """Whether an expression of a case calls something, which may change the tag."""
        return not all(
            self.quiet(e) for c in s.body.list if isinstance(c, go.CaseClause) for e in c.list or ()
        )

    def case_tests(
        self, clause: go.CaseClause, tag: str, tag_type: Any
    ) -> Callable[[], ast.expr | None]:
        """Return what compiles the test of a clause (None: default) when its turn comes."""

        def test() -> ast.expr | None:
            if clause.list is None:
                return None
            tests: list[ast.expr] = []
            for e in clause.list:
                self.position(e.pos)
                if not tag:
                    tests.append(self.expr(e))
                else:
                    tests.append(self.case_equal(tag, tag_type, e))
            return self.or_(*tests)

        return test

    def case_equal(self, tag: str, tag_type: Any, e: go.Expr) -> ast.expr:
        """Compare the tag with the expression of a case, of which one may be an interface."""
        from gosim.golang.types.types import Interface

        tv = self.info.types[e]
        if tv.is_nil():
            return self.equal(self.name(tag), self.value(e, tag_type), tag_type)
        t = self.typ(e)
        x: ast.expr = self.name(tag)
        tag_abstract = type(tag_type.underlying()) is Interface
        if tag_abstract:
            return self.equal(x, self.value(e, tag_type), tag_type)
        if type(t.underlying()) is Interface:
            return self.equal(self.convert(x, tag_type, t), self.expr(e), t)
        return self.equal(x, self.value(e, tag_type), tag_type)

    def chain(
        self,
        clauses: Sequence[tuple[Any, Callable[[], ast.expr | None]]],
        body: Callable[[Any], list[ast.stmt]],
    ) -> None:
        """Emit ``if … elif … else``; the default comes last wherever it stands.

        Python nests what follows ``elif``, and cannot nest too deeply: a long switch is cut into
        pieces, and a flag says whether one of them was it.
        """
        top = here = self.out
        default = None
        found = self.temp() if len(clauses) > _PIECE else ""
        if found:
            top.append(self.set(found, self.const(True)))
        count = 0
        for clause, test in clauses:
            self.position(clause.case)
            self.out = here
            condition = test()
            if condition is None:
                default = clause
                continue
            made = self.when(condition, body(clause))
            if found and count >= _PIECE:
                made.body.insert(0, self.set(found, self.const(True)))
                if count % _PIECE == 0:
                    here.append(self.set(found, self.const(False)))
                    skip = ast.Pass(lineno=self.line, col_offset=0)
                    here = top
                    outer = self.when(self.name(found), [skip], [made])
                    here.append(outer)
                    here = made.orelse
                    count += 1
                    continue
            count += 1
            here.append(made)
            here = made.orelse
        if found:
            here.append(self.set(found, self.const(False)))
            here = top
        if default is not None:
            self.position(default.case)
            if found:
                made = self.when(self.not_(self.name(found)), body(default))
                here.append(made)
            else:
                self.out = here
                here += body(default)
        self.out = top

    def falling(self, clauses: Sequence[go.CaseClause], tag: str, tag_type: Any) -> None:
        """A switch with ``fallthrough``: first which clause, then one after the other."""
        number = self.temp()
        default = next((i for i, c in enumerate(clauses) if c.list is None), -1)
        self.out.append(self.set(number, self.const(default)))
        numbers = {c: i for i, c in enumerate(clauses)}
        self.chain(
            [(c, self.case_tests(c, tag, tag_type)) for c in clauses if c.list is not None],
            lambda c: [self.set(number, self.const(numbers[c]))],
        )
        for i, c in enumerate(clauses):
            self.position(c.case)
            made = self.block(self.clause_body(c))
            last = c.body[-1] if c.body else None
            if isinstance(last, go.BranchStmt) and last.tok == "fallthrough":
                made.append(self.set(number, self.const(i + 1)))
            test = self.compare(self.name(number), "==", self.const(i))
            self.out.append(self.when(test, made))

    # -- by type ----------------------------------------------------------------------------------

    def type_switch_stmt(self, s: go.TypeSwitchStmt) -> None:
        """``switch x := y.(type) {...}``."""
        label = self.take_label()
        self.position(s.switch)
        self.open()
        self.stmt(s.init)
        self.position(s.switch)
        assign: Any = s.assign
        guard = assign.rhs[0] if isinstance(assign, go.AssignStmt) else assign.x
        guard = cast(go.TypeAssertExpr, go.unparen(guard))
        x = self.temp()
        source = self.typ(guard.x)
        self.out.append(self.set(x, self.expr(guard.x)))
        clauses: list[go.CaseClause] = [c for c in s.body.list if isinstance(c, go.CaseClause)]
        bodies = [b for c in clauses for b in self.clause_body(c)]

        def tests(clause: go.CaseClause) -> Callable[[], ast.expr | None]:
            def test() -> ast.expr | None:
                if clause.list is None:
                    return None
                found = []
                for e in clause.list:
                    tv = self.info.types.get(e)
                    nil = (tv is not None and tv.is_nil()) or (
                        isinstance(e, go.Ident) and type(self.info.uses.get(e)) is Nil
                    )
                    found.append(self.type_test(self.name(x), None if nil else self.typ(e)))
                return self.or_(*found)

            return test

        def body(clause: go.CaseClause) -> list[ast.stmt]:
            self.open()
            var: Any = self.info.implicits.get(clause)
            outer, self.out = self.out, []
            if type(var) is Var:
                t = self.resolve(var.type)
                single = clause.list is not None and len(clause.list) == 1
                value: ast.expr = self.name(x)
                if single and not self.same_type(t, source):
                    value = self.unbox(value, t)
                self.declare(var, value)
            self.out += self.statements(self.clause_body(clause))
            made, self.out = self.out, outer
            self.close()
            return made or [ast.Pass(lineno=self.line, col_offset=0)]

        self.breakable(s, bodies, label, lambda: self.chain([(c, tests(c)) for c in clauses], body))
        self.close()


visits(
    SwitchMixin,
    {go.SwitchStmt: "switch_stmt", go.TypeSwitchStmt: "type_switch_stmt"},
)
