"""``for`` with three clauses, labels, and the statements that jump.

Python can only leave the innermost loop. A jump further out sets a flag and leaves one loop after
the other, each of which looks at the flag behind its end. ``break`` out of a ``switch`` or
``select`` makes a loop of one turn of it. ``goto`` makes a loop of the block that has the label,
its statements cut into sections: ``.g`` says with which it goes on.

A loop that may go on for ever counts its turns, for nothing: it iterates over something that ends
after many turns, and is then looked at.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.compile.parts import Parts
from gosim.golang.compile.statements import visits
from gosim.golang.types.objects import Builtin, Var
from gosim.golang.types.types import IS_INTEGER, Basic, Chan, Map

__all__ = ["LoopMixin", "Target"]

#: Loops in this many others take as few of Python's blocks as they can.
_NESTED = 6


class Target:
    """A statement that ``break``, ``continue`` or ``goto`` may refer to.

    Attributes
    ----------
    loop : bool
        It is a loop in Python, too.
    post : callable
        Compiles what runs between two turns.
    exits : dict
        Jumps to somewhere further out that leave this loop: (kind, target) to flag.
    """

    __slots__ = ("exits", "label", "loop", "node", "post", "sections", "where")

    def __init__(self, node: go.Stmt | None, label: str, loop: bool) -> None:
        self.node = node
        self.label = label
        self.loop = loop
        self.post: Callable[[], None] | None = None
        self.exits: dict[Any, str] = {}
        #: Sections of a block with labels by label, and the name that says which one is next.
        self.sections: dict[str, int] = {}
        self.where = ""


class LoopMixin(Parts):
    """Compiles loops and jumps."""

    # -- jumps ----------------------------------------------------------------------------------

    def break_(self) -> ast.stmt:
        """Python's ``break``."""
        return ast.Break(lineno=self.line, col_offset=0)

    def continue_(self) -> ast.stmt:
        """Python's ``continue``."""
        return ast.Continue(lineno=self.line, col_offset=0)

    def jump(self, kind: str, target: Target) -> None:
        """Jump to the end ("break"), the next turn ("continue") or a section ("goto L")."""
        at = self.targets.index(target)
        crossed = [t for t in self.targets[at + 1 :] if t.loop]
        if crossed:
            key = (kind, target)
            flag = next((t.exits[key] for t in crossed if key in t.exits), None)
            if flag is None:
                flag = self.temp()
                self.flags.append(flag)
            for t in crossed:
                t.exits[key] = flag
            self.out.append(self.set(flag, self.const(True)))
            self.out.append(self.break_())
            return
        self.arrive(kind, target)

    def arrive(self, kind: str, target: Target) -> None:
        """Do a jump where no loop stands in between."""
        if kind == "break":
            assert target.loop
            self.out.append(self.break_())
        elif kind == "continue":
            if target.post is not None:
                target.post()
            self.out.append(self.continue_())
        else:
            section = target.sections[kind[5:]]
            self.out.append(self.set(target.where, self.const(section)))
            self.out.append(self.continue_())

    def after_loop(self, t: Target) -> None:
        """Go on with the jumps that left a loop."""
        for (kind, target), flag in t.exits.items():
            outer, self.out = self.out, []
            at = self.targets.index(target)
            if not any(c.loop for c in self.targets[at + 1 :]):
                self.out.append(self.set(flag, self.const(False)))
                self.arrive(kind, target)
            else:
                self.out.append(self.break_())
            made, self.out = self.out, outer
            self.out.append(self.when(self.name(flag), made))

    def branch_stmt(self, s: go.BranchStmt) -> None:
        """``break``, ``continue``, ``goto``; a ``fallthrough`` is the switch's business."""
        self.position(s.tok_pos)
        if s.tok == "fallthrough":
            return
        label = s.label.name if s.label is not None else ""
        if s.tok == "goto":
            for t in reversed(self.targets):
                if label in t.sections:
                    self.jump("goto " + label, t)
                    return
        else:
            for t in reversed(self.targets):
                if isinstance(t.node, (go.ForStmt, go.RangeStmt)):
                    fits = True
                else:
                    fits = s.tok == "break" and t.node is not None
                if fits and (not label or t.label == label):
                    self.jump(s.tok, t)
                    return
        self.leave_range_with(s.tok, label)

    def labeled_stmt(self, s: go.LabeledStmt) -> None:
        """``L: stmt``."""
        inner = s.stmt
        if isinstance(
            inner,
            (go.ForStmt, go.RangeStmt, go.SwitchStmt, go.TypeSwitchStmt, go.SelectStmt),
        ):
            self.label = s.label.name
        self.stmt(inner)

    def take_label(self) -> str:
        """Return the label of the statement that begins, if it has one."""
        label, self.label = self.label, ""
        return label

    def breaks(self, body: Sequence[Any], label: str) -> bool:
        """Whether statements of a switch or select contain a ``break`` out of it."""
        todo: list[tuple[Any, bool]] = [(s, True) for s in body]
        while todo:
            s, plain = todo.pop()
            kind = type(s)
            if kind is go.BranchStmt:
                if s.tok == "break" and (
                    (s.label is None and plain) or (s.label is not None and s.label.name == label)
                ):
                    return True
            elif kind is go.BlockStmt:
                todo += [(x, plain) for x in s.list]
            elif kind is go.IfStmt:
                todo += [(s.body, plain), (s.else_, plain)]
            elif kind is go.LabeledStmt:
                todo.append((s.stmt, plain))
            elif kind is go.CaseClause or kind is go.CommClause:
                todo += [(x, plain) for x in s.body]
            elif kind in _INNER and label:
                todo.append((s.body, False))
            elif kind in _INNER:
                continue
        return False

    # -- goto -----------------------------------------------------------------------------------

    def has_goto_labels(self, statements: Sequence[go.Stmt]) -> bool:
        """Whether a ``goto`` jumps to one of these statements."""
        return any(
            isinstance(s, go.LabeledStmt) and s.label.name in self.body.gotos for s in statements
        )

    def goto_block(self, statements: Sequence[go.Stmt]) -> None:
        """Compile a block with labels that ``goto`` jumps to."""
        sections: list[list[go.Stmt]] = [[]]
        target = Target(None, "", True)
        for s in statements:
            if isinstance(s, go.LabeledStmt) and s.label.name in self.body.gotos:
                target.sections[s.label.name] = len(sections)
                sections.append([])
            sections[-1].append(s)
        where = target.where = self.temp()
        self.out.append(self.set(where, self.const(0)))
        self.targets.append(target)
        outer, self.out = self.out, []
        for i, section in enumerate(sections):
            saved, self.out = self.out, []
            for s in section:
                self.stmt(s)
            made, self.out = self.out, saved
            if made:
                test = self.compare(self.name(where), "<=", self.const(i))
                self.out.append(self.when(test, made))
        self.out.append(self.break_())
        made, self.out = self.out, outer
        self.endless(made)
        self.targets.pop()
        self.after_loop(target)

    # -- for --------------------------------------------------------------------------------------

    def for_stmt(self, s: go.ForStmt) -> None:
        """``for``."""
        label = self.take_label()
        self.position(s.for_)
        self.open()
        if not self.counted_loop(s, label):
            self.stmt(s.init)
            self.general_loop(s, label)
        self.close()

    def general_loop(self, s: go.ForStmt, label: str) -> None:
        target = Target(s, label, True)
        copies: list[Any] = []
        if isinstance(s.init, go.AssignStmt) and s.init.tok == ":=":
            for e in s.init.lhs:
                var: Any = self.info.defs.get(e)  # type: ignore[call-overload]
                if var is None or not var.memo.loop or not var.memo.captured:
                    continue
                if self.kind_of(var) in ("cell", "held") and self.program.per_turn(self.body):
                    copies.append(var)

        def post() -> None:
            for var in copies:
                name = self.var_name(var)
                if self.kind_of(var) == "cell":
                    fresh: ast.expr = self.invoke("Cell", self.attr(self.name(name), "v"))
                else:
                    fresh = self.copied(self.name(name), self.resolve(var.type))
                self.out.append(self.set(name, fresh))
            line = self.line
            self.stmt(s.post)
            self.line = line

        if copies or s.post is not None:
            target.post = post
        waits = self.waits
        outer, self.out = self.out, []
        if s.cond is not None:
            self.position(s.cond.pos)
            test = self.expr(s.cond)
            self.out.append(self.when(self.not_(test), [self.break_()]))
        self.targets.append(target)
        made = self.block(s.body.list)
        self.out += made
        if not self.ends(made):
            post()
        self.targets.pop()
        made, self.out = self.out, outer
        self.position(s.for_)
        self.endless(made, self.waits > waits)
        self.after_loop(target)

    def endless(self, made: list[ast.stmt], busy: bool = True) -> None:
        """Emit a loop without end of its own; `made` leaves it. `busy`: it has operations."""
        if self.ends(made) and isinstance(made[-1], ast.Return) and not _continues(made):
            # One turn at most.
            self.out.append(ast.While(self.const(True), made, [], lineno=self.line, col_offset=0))
            return
        if sum(t.loop for t in self.targets) >= _NESTED:
            # Python allows twenty blocks in one another: one for this loop must do.
            self.out.append(
                ast.For(
                    self.target("."),
                    self.invoke("many_turns"),
                    made,
                    [],
                    lineno=self.line,
                    col_offset=0,
                )
            )
            return
        turns = "turns"
        if not self.blocking:
            look: ast.expr = self.invoke("spin_plain")
        elif busy:
            turns = "busy_turns"
            look = self.wait(self.invoke("spin_busy"))
        else:
            look = self.wait(self.invoke("spin"))
        inner = ast.For(
            self.target("."),
            self.invoke(turns),
            made,
            [self.do(look), self.continue_()],
            lineno=self.line,
            col_offset=0,
        )
        self.out.append(
            ast.While(self.const(True), [inner, self.break_()], [], lineno=self.line, col_offset=0)
        )

    # -- loops that count -------------------------------------------------------------------------

    def counted_loop(self, s: go.ForStmt, label: str) -> bool:
        """Compile ``for i := a; i < b; i++`` over Python's ``range`` where that is the same."""
        found = self.counter(s)
        if found is None:
            return False
        var, start, stop, step, bounds = found
        name = self.name_var(var)
        if bounds is not None:
            self.ranges[var] = bounds
        args = [stop] if isinstance(start, ast.Constant) and start.value == 0 else [start, stop]
        if step != 1:
            args = [start, stop, self.const(step)]
        target = Target(s, label, True)
        waits = self.waits
        self.targets.append(target)
        made = self.block(s.body.list)
        if self.kind_of(var) == "cell":
            made.insert(0, self.set(name, self.invoke("Cell", self.name(name))))
        self.targets.pop()
        self.position(s.for_)
        self.over_range(name, args, made, self.waits > waits)
        self.after_loop(target)
        return True

    def over_range(self, name: str, args: list[ast.expr], made: list[ast.stmt], busy: bool) -> None:
        """Emit a loop over a range of numbers; one with operations is looked at now and then."""
        last = args[-1] if len(args) < 3 else args[1]
        value = last.value if isinstance(last, ast.Constant) else None
        small = isinstance(value, int) and abs(value) <= 10_000
        numbers = self.invoke("range", *args)
        if small or not busy:
            self.out.append(
                ast.For(self.target(name), numbers, made, [], lineno=self.line, col_offset=0)
            )
            return
        it = self.temp()
        self.out.append(self.set(it, self.invoke("iter", numbers)))
        look = [self.do(self.wait(self.invoke("spin_busy"))), self.continue_()]
        inner = ast.For(
            self.target(name),
            self.invoke("busy_part", self.name(it)),
            made,
            [self.when(self.invoke("some_left", self.name(it)), look)],
            lineno=self.line,
            col_offset=0,
        )
        self.out.append(
            ast.While(self.const(True), [inner, self.break_()], [], lineno=self.line, col_offset=0)
        )

    def counter(self, s: go.ForStmt) -> Any:
        init, cond, post = s.init, s.cond, s.post
        if not (
            isinstance(init, go.AssignStmt)
            and init.tok == ":="
            and len(init.lhs) == 1
            and isinstance(init.lhs[0], go.Ident)
            and isinstance(cond, go.BinaryExpr)
            and cond.op in ("<", "<=", ">", ">=", "!=")
        ):
            return None
        var: Any = self.info.defs.get(init.lhs[0])
        if type(var) is not Var:
            return None
        basic = self.resolve(var.type).underlying()
        if type(basic) is not Basic or not basic.info & IS_INTEGER:
            return None
        use = var.memo
        if use.assigned or use.far or use.address:
            return None
        if use.captured and not self.program.per_turn(self.body):
            return None
        if not self.is_var(cond.x, var):
            return None
        step = self.step_of(post, var)
        if step is None:
            return None
        up = step > 0
        if cond.op == "!=" or (cond.op in ("<", "<=")) is not up:
            return None
        changed = self.body.loops[s]
        stop = self.fixed(cond.y, changed)
        if stop is None:
            return None
        low, high = _limits(basic)
        last_tv = self.info.types.get(cond.y)
        last = last_tv.value if last_tv is not None else None
        if cond.op in ("<=", ">="):
            if last is None or not low < last < high:
                # Up to the largest value there is would never end.
                if last is not None or low == 0:
                    return None
            stop = self.binary("+", stop, self.const(1 if up else -1))
        if abs(step) != 1 and (last is None or not low + abs(step) < last < high - abs(step)):
            return None
        if not up and low == 0:
            return None
        start = self.value(init.rhs[0], self.resolve(var.type))
        bounds = None
        begins, ends = self.range_of(init.rhs[0]), self.range_of(cond.y)
        if up:
            bounds = begins[0], ends[1] - (cond.op == "<")
        else:
            bounds = ends[0] + (cond.op == ">"), begins[1]
        return var, start, stop, step, bounds

    def is_var(self, e: go.Expr, var: Any) -> bool:
        """Whether `e` is just this variable."""
        e = unparen(e)
        return isinstance(e, go.Ident) and self.info.uses.get(e) is var

    def step_of(self, post: go.Stmt | None, var: Any) -> int | None:
        """Return by how much a ``post`` statement changes its counter."""
        if isinstance(post, go.IncDecStmt) and self.is_var(post.x, var):
            return 1 if post.tok == "++" else -1
        if (
            isinstance(post, go.AssignStmt)
            and post.tok in ("+=", "-=")
            and self.is_var(post.lhs[0], var)
        ):
            tv = self.info.types.get(post.rhs[0])
            value = tv.value if tv is not None else None
            if type(value) is int and 0 < value < 1 << 20:
                return value if post.tok == "+=" else -value
        return None

    def fixed(self, e: go.Expr, changed: set[Any]) -> ast.expr | None:
        """Compile the bound of a loop if it is the same in every turn, else None."""
        e = unparen(e)
        tv = self.info.types.get(e)
        if tv is None:
            return None
        if tv.value is not None:
            return self.value(e, self.typ(e))
        if isinstance(e, go.Ident):
            return self.expr(e) if self.is_fixed(e, changed) else None
        if (
            isinstance(e, go.CallExpr)
            and isinstance(e.fun, go.Ident)
            and type(obj := self.info.uses.get(e.fun)) is Builtin
            and obj.id_ == "len"
            and isinstance(e.args[0], go.Ident)
            and type(self.typ(e.args[0]).underlying()) not in (Map, Chan)
            and self.is_fixed(e.args[0], changed)
        ):
            return self.expr(e)
        if (
            isinstance(e, go.BinaryExpr)
            and e.op in ("+", "-", "*", "/", "%", "&", ">>")
            and self.fixed(e.x, changed) is not None
            and self.fixed(e.y, changed) is not None
        ):
            return self.expr(e)
        return None

    def is_fixed(self, e: go.Ident, changed: set[Any]) -> bool:
        var: Any = self.info.uses.get(e)
        if type(var) is not Var or var in changed:
            return False
        return self.kind_of(var) == "local" and not var.memo.far


def _limits(basic: Basic) -> tuple[int, int]:
    from gosim.golang.types import types as t

    bits = {
        t.INT8: 8,
        t.INT16: 16,
        t.INT32: 32,
        t.UINT8: 8,
        t.UINT16: 16,
        t.UINT32: 32,
    }.get(basic.kind, 64)
    if basic.info & t.IS_UNSIGNED:
        return 0, (1 << bits) - 1
    return -(1 << bits - 1), (1 << bits - 1) - 1


def _continues(made: Sequence[ast.stmt]) -> bool:
    """Whether statements may go on with the loop they are in."""
    todo: list[ast.AST] = list(made)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Continue):
            return True
        if isinstance(node, (ast.If, ast.Try)):
            todo += [*node.body, *node.orelse]
        elif isinstance(node, (ast.While, ast.For)):
            todo += node.body  # too careful, and enough
    return False


_INNER = (go.ForStmt, go.RangeStmt, go.SwitchStmt, go.TypeSwitchStmt, go.SelectStmt)

visits(
    LoopMixin,
    {
        go.BranchStmt: "branch_stmt",
        go.LabeledStmt: "labeled_stmt",
        go.ForStmt: "for_stmt",
    },
)
