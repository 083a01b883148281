"""Plain statements: assignments, declarations, ``if``, ``return``, sending, blocks."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.compile.order import late
from gosim.golang.compile.parts import Parts
from gosim.golang.types import operand
from gosim.golang.types.objects import Var
from gosim.golang.types.types import Pointer, Tuple

__all__ = ["StatementMixin"]

_END = (ast.Return, ast.Break, ast.Continue, ast.Raise)


class StatementMixin(Parts):
    """Compiles statements into `out`."""

    # -- lists of statements --------------------------------------------------------------------

    def statements(self, statements: Sequence[go.Stmt]) -> list[ast.stmt]:
        """Compile the statements of a block; returns the Python statements."""
        outer, self.out = self.out, []
        known = dict(self.ranges)
        if self.body.gotos and self.has_goto_labels(statements):
            self.goto_block(statements)
        else:
            for s in statements:
                self.stmt(s)
        self.restore_ranges(known)
        made, self.out = self.out, outer
        return made

    def block(self, statements: Sequence[go.Stmt]) -> list[ast.stmt]:
        """Compile a block with a scope of its own; never empty."""
        self.open()
        made = self.statements(statements)
        self.close()
        return made or [ast.Pass(lineno=self.line, col_offset=0)]

    def ends(self, made: Sequence[ast.stmt]) -> bool:
        """Whether nothing can run behind these statements."""
        return bool(made) and isinstance(made[-1], _END)

    def stmt(self, s: go.Stmt | None) -> None:
        """Compile one statement."""
        if s is None:
            return
        visit = _VISIT.get(type(s))
        if visit is None:
            raise AssertionError(f"statement {type(s).__name__}")
        visit(self, s)

    # -- simple statements ------------------------------------------------------------------------

    def empty_stmt(self, s: go.EmptyStmt) -> None:
        """Nothing."""

    def expr_stmt(self, s: go.ExprStmt) -> None:
        """A call or a receive whose value is dropped."""
        self.position(s.pos)
        self.out.append(self.do(self.expr(s.x)))

    def send_stmt(self, s: go.SendStmt) -> None:
        """``ch <- value``."""
        self.position(s.pos)
        under: Any = self.typ(s.chan).underlying()
        elem = under.elem
        channel = self.expr(s.chan)
        if isinstance(channel, ast.Name):
            name = channel.id
            if not self.is_simple(s.value):
                value_name = self.temp()
                self.out.append(self.set(value_name, self.value(s.value, elem)))
                value: ast.expr = self.name(value_name)
            else:
                value = self.value(s.value, elem)
        else:
            name = self.temp()
            self.out.append(self.set(name, channel))
            value = self.value(s.value, elem)
        self.position(s.pos)
        # A statement of its own for nil: who reads the code finds ``await ch.send(v)``.
        nil = self.wait(self.method(self.invoke("no_channel"), "send", self.const(None)))
        self.out.append(
            self.when(self.compare(self.name(name), "is", self.const(None)), [self.do(nil)])
        )
        how = "send_beside" if self._lies_beside(s) else "send"
        self.out.append(self.do(self.wait(self.method(self.name(name), how, value))))

    def _lies_beside(self, s: go.SendStmt) -> bool:
        """Whether gc sends the value from the block of memory that leads to the channel.

        That is the closure, which has copies of the variables that nobody assigns to, or the struct
        behind a pointer (``cmd/compile/internal/escape``, ``walkSend``).
        """
        value, channel = unparen(s.value), unparen(s.chan)
        if isinstance(value, go.SelectorExpr):
            owner = value.x
            if not isinstance(channel, go.SelectorExpr) or not isinstance(owner, go.Ident):
                return False
            var = self.info.uses.get(owner)
            same = isinstance(channel.x, go.Ident) and self.info.uses.get(channel.x) is var
            return same and isinstance(self.typ(owner).underlying(), Pointer)
        if not isinstance(value, go.Ident):
            return False
        while isinstance(channel, go.SelectorExpr):
            channel = unparen(channel.x)
        if not isinstance(channel, go.Ident):
            return False
        sent, base = self.info.uses.get(value), self.info.uses.get(channel)
        captured = self.body.captured
        if sent not in captured or base not in captured:
            return False
        use: Any = getattr(sent, "memo", None)
        return not (use.assigned or use.far or use.address)

    def is_simple(self, e: go.Expr) -> bool:
        """Whether evaluating `e` has no effect and cannot be disturbed."""
        e = unparen(e)
        tv = self.info.types.get(e)
        if tv is not None and tv.value is not None:
            return True
        return isinstance(e, (go.Ident, go.BasicLit))

    def inc_dec_stmt(self, s: go.IncDecStmt) -> None:
        """``x++``."""
        self.position(s.tok_pos)
        place = self.place(s.x, twice=True)
        t = self.typ(s.x)
        known = self.range_of(s.x)
        value = self.operate(s.tok[0], place.load(), self.one(t), t, known, (1, 1))
        self.out += place.store(value)

    def one(self, t: Any) -> ast.expr:
        """The constant 1 of a numeric type."""
        info = getattr(t.underlying(), "info", 0)
        if info & 8:
            return self.const(1.0)
        return self.const(1 + 0j) if info & 16 else self.const(1)

    # -- assignments ------------------------------------------------------------------------------

    def assign_stmt(self, s: go.AssignStmt) -> None:
        """``=``, ``:=`` and ``op=``."""
        self.position(s.pos)
        if s.tok == ":=":
            self.define_stmt(s)
        elif s.tok == "=":
            self.plain_assign(s)
        else:
            place = self.place(s.lhs[0], twice=True)
            t = self.typ(s.lhs[0])
            op = s.tok[:-1]
            if op in ("<<", ">>"):
                y = self.shift_count(s.rhs[0])
            else:
                y = self.value(s.rhs[0], t)
            xs, ys = self.range_of(s.lhs[0]), self.range_of(s.rhs[0])
            self.out += place.store(self.operate(op, place.load(), y, t, xs, ys))

    def shift_count(self, e: go.Expr) -> ast.expr:
        """The right operand of a shift."""
        return self.expr(e)

    def is_blank(self, e: go.Expr) -> bool:
        """Whether `e` is ``_``."""
        e = unparen(e)
        return isinstance(e, go.Ident) and e.name == "_"

    def plain_assign(self, s: go.AssignStmt) -> None:
        lhs, rhs = s.lhs, s.rhs
        if len(lhs) == 1:
            if self.is_blank(lhs[0]):
                self.out.append(self.do(self.expr(rhs[0])))
                return
            twice = not isinstance(unparen(lhs[0]), go.Ident) and not (
                self.quiet(lhs[0]) or self.quiet(rhs[0])
            )
            place = self.place(lhs[0], twice=twice)
            value = self.value(rhs[0], place.type)
            self.out += place.store(value)
            return
        if len(rhs) == 1:
            self.unpack(rhs[0], self.places(lhs))
            return
        if all(self.is_local(e) for e in lhs):
            values = [
                self.value(y, None if self.is_blank(x) else self.typ(x))
                for x, y in zip(lhs, rhs, strict=True)
            ]
            targets = [self.local_target(e) for e in lhs]
            values = late(self, rhs, values)
            self.out.append(self.assign(self.tuple(targets), self.tuple(values)))
            return
        places = self.places(lhs)
        names = [self.temp() for _ in rhs]
        order = list(range(len(rhs)))
        if all(map(self.quiet, rhs)):
            # gc saves early what a store before it could change, so never the first value: that
            # decides which of two indices out of range panics.
            order.append(order.pop(0))
        else:
            order.sort(key=lambda i: self.quiet(rhs[i]))  # calls come first
        for i in order:
            place = places[i]
            self.out.append(self.set(names[i], self.value(rhs[i], place.type if place else None)))
        for place, name in zip(places, names, strict=True):
            if place is not None:
                self.out += place.store(self.name(name))

    def places(self, lhs: Sequence[go.Expr]) -> list[Any]:
        """What is assigned to one after the other, operands evaluated; None for blank."""
        self.reassigned = {
            self.info.uses.get(x) for e in lhs if isinstance(x := unparen(e), go.Ident)
        }
        made = [None if self.is_blank(e) else self.place(e, twice=True) for e in lhs]
        self.reassigned = set()
        return made

    def quiet(self, e: go.Expr) -> bool:
        """Whether `e` calls nothing and waits for nothing."""
        todo: list[go.Node] = [e]
        while todo:
            x = todo.pop()
            if isinstance(x, go.CallExpr):
                tv = self.info.types.get(unparen(x.fun))
                if tv is None or tv.mode not in (operand.TYPEXPR, operand.BUILTIN):
                    return False
            elif isinstance(x, go.UnaryExpr) and x.op == "<-":
                return False
            elif isinstance(x, go.FuncLit):
                continue
            todo += go.children(x)
        return True

    def is_local(self, e: go.Expr) -> bool:
        """Whether `e` is a variable that is simply a Python local, or blank."""
        e = unparen(e)
        if not isinstance(e, go.Ident):
            return False
        if e.name == "_":
            return True
        var = self.info.uses.get(e) or self.info.defs.get(e)
        return type(var) is Var and self.kind_of(var) == "local" and var.memo.body is self.body

    def local_target(self, e: go.Expr) -> ast.expr:
        e = unparen(e)
        assert isinstance(e, go.Ident)
        if e.name == "_":
            return self.target(".")
        var: Any = self.info.uses.get(e) or self.info.defs.get(e)
        return self.target(self.var_name(var))

    def unpack(self, e: go.Expr, places: Sequence[Any]) -> None:
        """Assign the several values of one expression."""
        t = self.typ(e)
        assert type(t) is Tuple
        name = self.temp()
        self.out.append(self.set(name, self.expr(e)))
        for i, (place, var) in enumerate(zip(places, t.vars, strict=True)):
            if place is not None:
                value = self.convert(
                    self.index(self.name(name), self.const(i)), var.type, place.type
                )
                self.out += place.store(value)

    def define_stmt(self, s: go.AssignStmt) -> None:
        """``:=``."""
        lhs, rhs = s.lhs, s.rhs
        defs = self.info.defs
        if len(lhs) == 1:
            var: Any = defs.get(lhs[0])  # type: ignore[call-overload]
            if var is None:
                self.out.append(self.do(self.expr(rhs[0])))
            else:
                target = self.resolve(var.type) if self.subst else var.type
                self.declare(var, self.value(rhs[0], target))
                self.note_range(var, rhs[0])
            return
        if len(rhs) == 1:
            self.define_from_tuple(lhs, rhs[0])
            return
        values: list[ast.expr] = []
        for x, y in zip(lhs, rhs, strict=True):
            v: Any = None if self.is_blank(x) else self.info.object_of(x)  # type: ignore[arg-type]
            values.append(self.value(y, self.resolve(v.type) if v is not None else None))
        values = late(self, rhs, values)
        if all(self.is_local_or_new(e) for e in lhs):
            targets = [self.new_target(e) for e in lhs]
            self.out.append(self.assign(self.tuple(targets), self.tuple(values)))
            for x, y in zip(lhs, rhs, strict=True):
                v = defs.get(x)  # type: ignore[call-overload]
                if v is not None:
                    self.note_range(v, y)
            return
        names = []
        for value in values:
            names.append(self.temp())
            self.out.append(self.set(names[-1], value))
        for x, name in zip(lhs, names, strict=True):
            self.define_one(x, self.name(name))

    def is_local_or_new(self, e: go.Expr) -> bool:
        if self.is_blank(e):
            return True
        assert isinstance(e, go.Ident)
        var: Any = self.info.object_of(e)
        return self.kind_of(var) == "local" and var.memo.body is self.body

    def new_target(self, e: go.Expr) -> ast.expr:
        assert isinstance(e, go.Ident)
        if e.name == "_":
            return self.target(".")
        var: Any = self.info.defs.get(e)
        if var is not None:
            return self.target(self.name_var(var))
        return self.local_target(e)

    def define_one(self, e: go.Expr, value: ast.expr) -> None:
        """Declare or assign one variable on the left of ``:=``."""
        if self.is_blank(e):
            return
        assert isinstance(e, go.Ident)
        var: Any = self.info.defs.get(e)
        if var is not None:
            self.declare(var, value)
        else:
            self.out += self.store_var(self.info.uses[e], value)  # type: ignore[arg-type]

    def define_from_tuple(self, lhs: Sequence[go.Expr], e: go.Expr) -> None:
        t = self.typ(e)
        assert type(t) is Tuple
        objects: list[Any] = [
            None if self.is_blank(x) else self.info.object_of(x)  # type: ignore[arg-type]
            for x in lhs
        ]
        types = [self.resolve(v.type) if v is not None else None for v in objects]
        value = self.expr(e)
        same = all(
            want is None or want is var.type or self.same_type(want, var.type)
            for want, var in zip(types, t.vars, strict=True)
        )
        if same and all(self.is_local_or_new(x) for x in lhs):
            targets = [self.new_target(x) for x in lhs]
            self.out.append(self.assign(self.tuple(targets), value))
            return
        name = self.temp()
        self.out.append(self.set(name, value))
        for i, (x, want, var) in enumerate(zip(lhs, types, t.vars, strict=True)):
            if want is not None:
                part = self.index(self.name(name), self.const(i))
                self.define_one(x, self.convert(part, var.type, want))

    def same_type(self, a: Any, b: Any) -> bool:
        """Whether two types are identical."""
        from gosim.golang.types.predicates import identical

        return a is b or bool(identical(a, b))

    def decl_stmt(self, s: go.DeclStmt) -> None:
        """``var`` inside a function; constants and types leave nothing behind."""
        if s.decl.tok != "var":
            return
        for spec in s.decl.specs:
            assert isinstance(spec, go.ValueSpec)
            self.position(spec.pos)
            names: list[go.Expr] = [*spec.names]
            if not spec.values:
                for name in spec.names:
                    var: Any = self.info.defs.get(name)
                    if var is not None and name.name != "_":
                        self.declare(var, self.zero(self.resolve(var.type)))
            elif len(spec.values) == 1 and len(names) > 1:
                self.define_from_tuple(names, spec.values[0])
            else:
                values = []
                for name, e in zip(spec.names, spec.values, strict=True):
                    v: Any = self.info.defs.get(name)
                    values.append(self.value(e, self.resolve(v.type) if v is not None else None))
                if len(values) > 1:
                    temps = [self.temp() for _ in values]
                    self.out += [self.set(t, x) for t, x in zip(temps, values, strict=True)]
                    values = [self.name(t) for t in temps]
                for name, value in zip(spec.names, values, strict=True):
                    if name.name == "_":
                        self.out.append(self.do(value))
                    else:
                        self.define_one(name, value)

    # -- blocks and if -----------------------------------------------------------------------------

    def block_stmt(self, s: go.BlockStmt) -> None:
        """``{...}``."""
        self.open()
        self.out += self.statements(s.list)
        self.close()

    def if_stmt(self, s: go.IfStmt) -> None:
        """``if``; a chain of ``else if`` stays flat as long as it can."""
        opened = 0
        chain_out = self.out
        here = chain_out
        before = dict(self.ranges)
        while True:
            self.open()
            opened += 1
            self.out = here
            self.position(s.if_)
            self.stmt(s.init)
            self.position(s.cond.pos)
            test = self.expr(s.cond)
            known = dict(self.ranges)
            self.ranges.update(self.refined(s.cond, True))
            made = self.when(test, self.block(s.body.list))
            self.restore_ranges(known)
            here.append(made)
            if s.else_ is not None or (self.ends(made.body) and not self.body.gotos):
                # Known to be false from here on (to the end of the block around it).
                self.ranges.update(self.refined(s.cond, False))
            if s.else_ is None:
                if opened > 1:
                    self.restore_ranges(before)
                break
            if isinstance(s.else_, go.IfStmt):
                s = s.else_
                here = made.orelse
                continue
            assert isinstance(s.else_, go.BlockStmt)
            made.orelse = self.block(s.else_.list)
            self.restore_ranges(before)
            break
        for _ in range(opened):
            self.close()
        self.out = chain_out

    # -- return ---------------------------------------------------------------------------------

    def return_stmt(self, s: go.ReturnStmt) -> None:
        """``return``."""
        self.position(s.return_)
        home = self.home_function()
        types = [self.resolve(t) for t in home.result_types]
        if not s.results:
            self.leave_function()
            return
        if not home.result_vars or not (home.has_places or self is not home):
            if len(s.results) == len(types) == 1:
                value = self.value(s.results[0], types[0])
            elif len(s.results) == 1:
                value = self.converted_tuple(s.results[0], types)
            else:
                values = [self.value(e, t) for e, t in zip(s.results, types, strict=True)]
                value = self.tuple(late(self, s.results, values))
            self.position(s.return_)
            self.out.append(self.return_(value))
            return
        if len(s.results) == 1 and len(types) > 1:
            e = s.results[0]
            t = self.typ(e)
            assert type(t) is Tuple
            name = self.temp()
            self.out.append(self.set(name, self.expr(e)))
            values = [
                self.convert(self.index(self.name(name), self.const(i)), v.type, types[i])
                for i, v in enumerate(t.vars)
            ]
        else:
            values = [self.value(e, t) for e, t in zip(s.results, types, strict=True)]
            values = late(self, s.results, values)
            if len(values) > 1:
                temps = [self.temp() for _ in values]
                self.out += [self.set(t, x) for t, x in zip(temps, values, strict=True)]
                values = [self.name(t) for t in temps]
        for i, value in enumerate(values):
            self.out += self.set_result_of(home, i, value)
        self.position(s.return_)
        self.leave_function()

    def converted_tuple(self, e: go.Expr, types: Sequence[Any]) -> ast.expr:
        """The several values of a call, as results of these types."""
        t = self.typ(e)
        assert type(t) is Tuple
        value = self.expr(e)
        if all(self.same_type(v.type, want) for v, want in zip(t.vars, types, strict=True)):
            return value
        name = self.temp()
        self.out.append(self.set(name, value))
        return self.tuple(
            [
                self.convert(self.index(self.name(name), self.const(i)), v.type, want)
                for i, (v, want) in enumerate(zip(t.vars, types, strict=True))
            ]
        )


_VISIT: dict[type, Any] = {}


def visits(mixin: Any, table: dict[type, str]) -> None:
    """Say which methods compile which statements."""
    for kind, name in table.items():
        _VISIT[kind] = getattr(mixin, name)


visits(
    StatementMixin,
    {
        go.EmptyStmt: "empty_stmt",
        go.ExprStmt: "expr_stmt",
        go.SendStmt: "send_stmt",
        go.IncDecStmt: "inc_dec_stmt",
        go.AssignStmt: "assign_stmt",
        go.DeclStmt: "decl_stmt",
        go.BlockStmt: "block_stmt",
        go.IfStmt: "if_stmt",
        go.ReturnStmt: "return_stmt",
    },
)
