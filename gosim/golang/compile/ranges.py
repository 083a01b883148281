"""``for range`` over everything there is.

A range over a function makes a function of the body, as gc does (``cmd/compile/internal/
rangefunc``): ``.s`` says whether it may still be called, ``.j`` how it was left.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.compile.accesses import AccessMixin, shown
from gosim.golang.compile.loops import Target
from gosim.golang.compile.parts import Parts
from gosim.golang.compile.statements import visits
from gosim.golang.errors import Unsupported
from gosim.golang.types.objects import Var
from gosim.golang.types.types import (
    Array,
    Basic,
    Chan,
    Map,
    Pointer,
    Signature,
    Slice,
    Struct,
)

__all__ = ["RangeMixin"]

_READY, _DONE, _PANIC, _EXHAUSTED, _MISSING = range(5)


class RangeMixin(Parts, AccessMixin):
    """Compiles ``for range``."""

    def range_stmt(self, s: go.RangeStmt) -> None:
        """``for k, v := range x``."""
        label = self.take_label()
        self.position(s.for_)
        t = self.typ(s.x)
        under = t.underlying()
        self.open()
        if type(under) is Basic:
            if under.info & 2:
                self.range_int(s, label, t)
            else:
                self.range_string(s, label)
        elif type(under) is Slice:
            self.range_slice(s, label, under)
        elif type(under) is Array:
            self.range_array(s, label, under, self.expr(s.x), copied=True)
        elif type(under) is Pointer:
            array = under.base.underlying()
            assert type(array) is Array
            self.range_array(s, label, array, self.expr(s.x), copied=False)
        elif type(under) is Map:
            self.range_map(s, label, under)
        elif type(under) is Chan:
            self.range_chan(s, label, under)
        elif type(under) is Signature:
            self.range_func(s, label, under)
        else:
            raise AssertionError(f"range over {t}")
        self.close()

    # -- parts ----------------------------------------------------------------------------------

    def blank(self, e: go.Expr | None) -> bool:
        """Whether a variable is left out."""
        return e is None or self.is_blank(e)

    def turn_var(self, s: go.RangeStmt, e: go.Expr | None, t: Any) -> tuple[str, list[ast.stmt]]:
        """Return the name that a loop assigns to, and what makes the Go variable of it."""
        if e is None or self.is_blank(e):
            return ".", []
        if s.tok == ":=":
            var: Any = self.info.defs[e]  # type: ignore[index]
            name = self.name_var(var)
            kind = self.kind_of(var)
            if self.program.per_turn(self.body) or kind == "local":
                if kind == "cell":
                    return name, [self.set(name, self.invoke("Cell", self.name(name)))]
                return name, []
            # One variable for all turns.
            zero = self.zero(self.resolve(var.type))
            self.out.append(self.set(name, self.invoke("Cell", zero) if kind == "cell" else zero))
            raw = self.temp()
            return raw, self.store_var(var, self.name(raw))
        if self.is_local(e):
            target = self.local_target(e)
            assert isinstance(target, ast.Name)
            place_type = self.typ(e)
            if self.same_type(place_type, t):
                return target.id, []
        raw = self.temp()
        outer, self.out = self.out, []
        place = self.place(e, twice=False)
        stores = place.store(self.convert(self.name(raw), t, place.type))
        made, self.out = self.out, outer
        return raw, [*made, *stores]

    def python_loop(
        self,
        s: go.RangeStmt,
        label: str,
        target: ast.expr,
        iterable: ast.expr,
        head: Sequence[ast.stmt],
    ) -> None:
        """Emit ``for target in iterable`` around the body."""
        t = Target(s, label, True)
        self.targets.append(t)
        made = self.block(s.body.list)
        self.targets.pop()
        self.position(s.for_)
        self.out.append(
            ast.For(target, iterable, [*head, *made], [], lineno=self.line, col_offset=0)
        )
        self.after_loop(t)

    # -- what has a length ------------------------------------------------------------------------

    def range_int(self, s: go.RangeStmt, label: str, t: Any) -> None:
        """``for i := range n``."""
        tv = self.info.types[s.x]
        n = self.expr(s.x)
        var: Any = self.info.defs.get(s.key) if s.tok == ":=" else None  # type: ignore[call-overload]
        if type(var) is Var:
            t = self.resolve(var.type)
            if not var.memo.assigned and not var.memo.far and not var.memo.address:
                top = tv.value - 1 if type(tv.value) is int else (1 << 63) - 2
                self.ranges[var] = (0, max(top, 0))
        name, head = self.turn_var(s, s.key, t)
        target = Target(s, label, True)
        waits = self.waits
        self.targets.append(target)
        made = [*head, *self.block(s.body.list)]
        self.targets.pop()
        self.position(s.for_)
        self.over_range(name, [n], made, self.waits > waits)
        self.after_loop(target)

    def range_string(self, s: go.RangeStmt, label: str) -> None:
        """``for i, r := range "text"``: by runes."""
        from gosim.golang.types.types import INT, RUNE, TYP

        x = self.expr(s.x)
        i, head = self.turn_var(s, s.key, TYP[INT])
        r, more = self.turn_var(s, s.value, TYP[RUNE])
        target = ast.Tuple(
            [self.target(i), self.target(r)], ast.Store(), lineno=self.line, col_offset=0
        )
        self.python_loop(s, label, target, self.invoke("range_string", x), [*head, *more])

    def element(self, s: go.RangeStmt, elem: Any) -> tuple[str, list[ast.stmt]]:
        """As `turn_var` for elements: each is copied where it can be changed in place."""
        name, head = self.turn_var(s, s.value, elem)
        if name != "." and type(self.resolve(elem).underlying()) in (Struct, Array):
            value = self.copied(self.name(name), self.resolve(elem))
            head = [self.set(name, value), *head]
        return name, head

    def range_slice(self, s: go.RangeStmt, label: str, under: Slice) -> None:
        """``for i, v := range slice``: the length is that at the beginning, elements are live."""
        from gosim.golang.types.types import INT, TYP

        x = whole_of = self.expr(s.x)
        self.known_index(s)
        i, head = self.turn_var(s, s.key, TYP[INT])
        if self.blank(s.value):
            self.python_loop(
                s, label, self.target(i), self.invoke("range", self.attr(x, "n")), head
            )
            return
        v, more = self.element(s, under.elem)
        if self.races and v != ".":
            # Each element is read at its turn.
            whole = self.temp()
            self.out.append(self.set(whole, x))
            x = self.name(whole)
            if i == ".":
                i = self.temp()
            at = self.name(i)
            name = self.const(shown(whole_of))
            read = self.access("read_element", self.name(whole), at, name)
            more = [self.set(v, read), *more]
        each = self.invoke("each", x)
        if i == ".":
            self.python_loop(s, label, self.target(v), each, more)
            return
        target = ast.Tuple(
            [self.target(i), self.target(v)], ast.Store(), lineno=self.line, col_offset=0
        )
        self.python_loop(s, label, target, self.invoke("enumerate", each), [*head, *more])

    def range_array(
        self, s: go.RangeStmt, label: str, under: Array, x: ast.expr, *, copied: bool
    ) -> None:
        """``for i, v := range array``: over a copy, or over what a pointer points at."""
        from gosim.golang.types.types import INT, TYP

        self.known_index(s, under.len)
        i, head = self.turn_var(s, s.key, TYP[INT])
        if self.blank(s.value):
            n = self.invoke("range", self.const(under.len))
            if not self.quiet(s.x):
                self.out.append(self.do(x))
            self.python_loop(s, label, self.target(i), n, head)
            return
        v, more = self.element(s, under.elem)
        if self.races and not self.private(s.x):
            x = self.access("read_whole", x, self.const(shown(x)), self.leaves(under))
        if copied:
            x = self.index(x, self.slice(None, None))
        else:
            x = self.invoke("check_nil", x)
        if i == ".":
            self.python_loop(s, label, self.target(v), x, more)
            return
        target = ast.Tuple(
            [self.target(i), self.target(v)], ast.Store(), lineno=self.line, col_offset=0
        )
        self.python_loop(s, label, target, self.invoke("enumerate", x), [*head, *more])

    def known_index(self, s: go.RangeStmt, n: int = 1 << 48) -> None:
        """Remember the range of the index."""
        var: Any = self.info.defs.get(s.key) if s.tok == ":=" else None  # type: ignore[call-overload]
        if type(var) is Var and not (var.memo.assigned or var.memo.far or var.memo.address):
            self.ranges[var] = (0, max(n - 1, 0))

    def range_map(self, s: go.RangeStmt, label: str, under: Map) -> None:
        """``for k, v := range map``."""
        x = self.read_map(self.expr(s.x))
        k, head = self.turn_var(s, s.key, under.key)
        if k != "." and type(self.resolve(under.key).underlying()) in (Struct, Array):
            head = [self.set(k, self.copied(self.name(k), self.resolve(under.key))), *head]
        if self.blank(s.value):
            self.python_loop(s, label, self.target(k), self.invoke("range_keys", x), head)
            return
        v, more = self.element(s, under.elem)
        target = ast.Tuple(
            [self.target(k), self.target(v)], ast.Store(), lineno=self.line, col_offset=0
        )
        self.python_loop(s, label, target, self.invoke("range_map", x), [*head, *more])

    # -- channels -------------------------------------------------------------------------------

    def range_chan(self, s: go.RangeStmt, label: str, under: Chan) -> None:
        """``for v := range ch``."""
        x = self.expr(s.x)
        if isinstance(x, ast.Name) and self.is_fixed_channel(s):
            ch = x.id
        else:
            ch = self.temp()
            self.out.append(self.set(ch, x))
        nil = self.wait(self.method(self.invoke("no_channel"), "recv"))
        self.out.append(
            self.when(self.compare(self.name(ch), "is", self.const(None)), [self.do(nil)])
        )
        name, head = self.turn_var(s, s.key, under.elem)
        raw = name if not head or name != "." else self.temp()
        received = self.wait(self.method(self.name(ch), "recv", self.helper("CLOSED")))
        test = self.compare(self.bind(raw, received), "is", self.helper("CLOSED"))
        target = Target(s, label, True)
        outer, self.out = self.out, []
        self.out.append(self.when(test, [self.break_()]))
        self.out += head
        self.targets.append(target)
        self.out += self.block(s.body.list)
        self.targets.pop()
        made, self.out = self.out, outer
        self.position(s.for_)
        self.endless(made)
        self.after_loop(target)

    def is_fixed_channel(self, s: go.RangeStmt) -> bool:
        """Whether the channel of a range is a variable that the body leaves alone."""
        e = unparen(s.x)
        return isinstance(e, go.Ident) and self.is_fixed(e, self.body.loops[s])

    # -- functions ------------------------------------------------------------------------------

    def range_func(self, s: go.RangeStmt, label: str, under: Signature) -> None:
        """``for x := range f``."""
        body = self.body.children[s]
        node = self.function.literals[body]
        state, how = self.temp(), self.temp()
        inner = type(self)(self.program, self.function, node, self)  # type: ignore[call-arg]
        inner.range_state, inner.range_how = state, how
        inner.range_exits = {}
        inner.range_label = label
        x = self.expr(s.x)
        self.out.append(self.set(state, self.const(_READY)))
        self.out.append(self.set(how, self.const(0)))
        self.out.append(inner.compile_range_body(s, under))
        self.position(s.for_)
        called = self.call(x, self.name(inner.go_name))
        sig_blocks, foreign = self.program.colours.signature_blocks(self.resolve(under))
        if sig_blocks:
            called = self.wait(self.invoke("settle", called) if foreign else called)  # type: ignore[assignment]
        self.out.append(self.do(called))
        wrong = self.do(self.invoke("range_wrong", self.const(_MISSING)))
        self.out.append(
            self.when(self.compare(self.name(state), "==", self.const(_PANIC)), [wrong])
        )
        self.out.append(self.set(state, self.const(_EXHAUSTED)))
        for (tok, wanted), number in inner.range_exits.items():
            outer, self.out = self.out, []
            if number < 0:
                self.leave_function()
            else:
                name = go.Ident(s.for_, wanted) if wanted else None
                self.branch_stmt(go.BranchStmt(s.for_, tok, name))
            made, self.out = self.out, outer
            test = self.compare(self.name(how), "==", self.const(number))
            self.out.append(self.when(test, made))

    def compile_range_body(self, s: go.RangeStmt, under: Signature) -> ast.stmt:
        """Return the ``def`` of the body of a range over a function (of this compiler)."""
        line = self.position(s.for_)
        sig: Any = self.resolve(under.params[0].type).underlying()
        self.signature = sig
        home = self.home_function()
        self.result_types = home.result_types
        self.result_vars = home.result_vars
        self.open()
        names: list[str] = []
        params = list(sig.params)
        state = self.range_state
        self.nonlocals[state] = None
        test = self.name(state)
        self.out.append(self.when(test, [self.do(self.invoke("range_wrong", self.name(state)))]))
        self.out.append(self.set(state, self.const(_PANIC)))
        for i, p in enumerate(params):
            e = (s.key, s.value)[i]
            if e is None or self.is_blank(e):
                names.append(f".p{i}")
                continue
            name, head = self.turn_var(s, e, p.type)
            names.append(name)
            self.out += head
        defaults: list[ast.expr] = []
        for v in self.passed(self.body):
            names.append(self.var_name(v))
            defaults.append(self.parent.raw(v))
        target = Target(s, self.range_label, False)
        self.range_target = target
        made = self.statements(s.body.list)
        self.out += made
        if not self.ends(made):
            self.position(s.body.rbrace)
            self.next_range_turn()
        self.close()
        return self.define(names, defaults, line)

    def next_range_turn(self) -> None:
        """``continue`` in the body of a range over a function."""
        self.out.append(self.set(self.range_state, self.const(_READY)))
        self.out.append(self.return_(self.const(True)))

    def leave_range_body(self, number: int) -> None:
        """Leave the body of a range over a function for good, and say how."""
        exits = self.range_exits
        if number < 0:
            exits[("return", "")] = -1
        self.out.append(self.set(self.range_state, self.const(_DONE)))
        if number:
            how = self.range_how
            self.nonlocals[how] = None
            self.out.append(self.set(how, self.const(number)))
        self.out.append(self.return_(self.const(False)))

    def leave_range_with(self, tok: str, label: str) -> None:
        """``break``, ``continue`` or ``goto`` beyond the statements inside the body."""
        if not isinstance(self.body.node, go.RangeStmt):
            raise AssertionError(f"{tok} {label}")
        own = not label or label == self.range_label
        if tok == "continue" and own:
            self.next_range_turn()
        elif tok == "break" and own:
            self.leave_range_body(0)
        else:
            if tok == "goto":
                raise Unsupported(
                    self.body.node.for_,
                    "goto out of the body of a range over a function is not simulated",
                )
            exits = self.range_exits
            number = exits.setdefault((tok, label), len(exits) + 1)
            self.leave_range_body(number)


visits(RangeMixin, {go.RangeStmt: "range_stmt"})
