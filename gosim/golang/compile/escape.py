"""Which slices stay inside their function (Go: a small part of ``cmd/compile/internal/escape``).

Where ``append`` finds that its result does not leave the function, Go 1.25 and later let a slice
begin in a buffer of 32 bytes on the stack, so its first capacity is larger; one that is handed on
in one place only (1.26, ``cmd/compile/internal/slice``) grows in that buffer by one step after
the other. Conversions to ``[]byte`` and ``[]rune`` have such buffers, too. This looks at one
function at a time, at variables of slice type only, and without regard to order; what it does not
understand leaves the function. Which calls the compiler inlines is guessed from their length.
"""

from __future__ import annotations

from typing import Any

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.types import operand
from gosim.golang.types.objects import Builtin, Func, Var
from gosim.golang.types.types import Signature, Slice

__all__ = ["HEAP", "MOVES", "MOVES_OR_STACK", "RETURNED", "STACK", "STACK_BUFFER", "Escapes"]

STACK, RETURNED, HEAP = range(3)
"""Where the array behind a slice must be: it stays in the function, is returned, goes elsewhere."""

MOVES, MOVES_OR_STACK = 3, 4
"""It is in a buffer until it is handed on; before 1.26 on the heap, or on the stack."""

STACK_BUFFER = 32
"""Bytes of the buffer."""

_INLINED = 60
"""Functions of so many nodes are taken to be inlined."""


class Escapes:
    """The answers for the functions of a program, found when first asked for.

    Parameters
    ----------
    decls
        Func to (unit with ``info``, declaration, …).
    """

    def __init__(self, decls: dict[Any, Any]) -> None:
        self._decls = decls
        self._found: dict[Any, _Function | None] = {}

    def place(self, f: Any, e: go.CallExpr) -> int:
        """Where the result of an ``append`` or conversion in function `f` must be."""
        found = self.function(f)
        return HEAP if found is None else found.place(e)

    def is_changed(self, f: Any, e: go.CallExpr) -> bool:
        """Whether the elements of what a conversion makes may be changed."""
        found = self.function(f)
        return found is None or found.is_changed(e)

    def parameter(self, f: Any, number: int) -> int:
        """Where the argument for a parameter must be (the receiver comes first)."""
        found = self.function(f)
        return HEAP if found is None else found.parameter(number)

    def function(self, f: Any) -> _Function | None:
        """Return what is known of a function; None while it is looked at, or without a body."""
        if f not in self._found:
            self._found[f] = None
            entry = self._decls.get(f)
            if entry is not None and entry[1].body is not None:
                self._found[f] = _Function(self, f, entry[0].info, entry[1])
        return self._found[f]


class _Function:
    """What flows where in one function, and in the literals inside it."""

    def __init__(self, all_: Escapes, f: Any, info: Any, decl: go.FuncDecl) -> None:
        self.all = all_
        self.info = info
        self.states: dict[Any, int] = {}
        self.flows: list[tuple[Any, Any]] = []  # from a variable to a variable or a state
        self.made: dict[go.CallExpr, Any] = {}
        sig = f.type
        self.params = [*([sig.recv] if sig.recv is not None else []), *sig.params]
        self.results = {v for v in sig.results if v.name}
        self.literal = 0
        self.depth = 0
        #: Of slice variables: loops around the declaration, and around what hands them on; how
        #: often they are appended to (in loops more); those used in other ways.
        self.declared: dict[Any, int] = {}
        self.handed_on: dict[Any, list[int]] = {}
        self.weight: dict[Any, int] = {}
        self.odd: set[Any] = set()
        self.changed: set[Any] = set()
        assert decl.body is not None
        self.stmt(decl.body)
        self.solve()
        self._body = decl.body
        self._short: bool | None = None

    @property
    def short(self) -> bool:
        """Whether the compiler may inline it."""
        if self._short is None:
            n = 0
            for _ in go.walk(self._body):
                n += 1
                if n > _INLINED:
                    break
            self._short = n <= _INLINED
        return self._short

    def place(self, e: go.CallExpr) -> int:
        """Where the result of a call of `append`, or a conversion, must be."""
        to = self.made.get(e, HEAP)
        state = self.state(to)
        if isinstance(to, int):
            return HEAP if state == RETURNED else state
        handed_on = self.handed_on.get(to, ())
        if (
            to not in self.odd
            and len(handed_on) == 1
            and handed_on[0] <= self.declared.get(to, 0)
            and self.weight.get(to, 0) >= 2
            and not getattr(to.memo, "captured", True)
            and not getattr(to.memo, "address", True)
        ):
            return MOVES_OR_STACK if state == STACK else MOVES
        return STACK if state == STACK else HEAP

    def is_changed(self, e: go.CallExpr) -> bool:
        """Whether the elements of what a conversion makes may be changed."""
        to = self.made.get(e, HEAP)
        return not isinstance(to, int) and to in self.changed

    def parameter(self, number: int) -> int:
        if number >= len(self.params):
            return HEAP
        return self.state(self.params[number])

    def state(self, to: Any) -> int:
        """The state of a variable, or one itself."""
        if isinstance(to, int):
            return to
        use = to.memo
        if getattr(use, "captured", True) or getattr(use, "address", True):
            return HEAP
        if to in self.results:
            return max(RETURNED, self.states.get(to, STACK))
        return self.states.get(to, STACK)

    def solve(self) -> None:
        changed = True
        while changed:
            changed = False
            for source, to in self.flows:
                new = self.state(to)
                if new > self.states.get(source, STACK):
                    self.states[source] = new
                    changed = True

    # -- expressions -------------------------------------------------------------------------------

    def local(self, e: go.Expr) -> Any:
        """The local variable that `e` is, None if it is none."""
        if not isinstance(e, go.Ident):
            return None
        v = self.info.defs.get(e) or self.info.uses.get(e)
        return v if type(v) is Var and hasattr(v.memo, "captured") else None

    def flow(self, e: Any, to: Any) -> None:
        """The value of `e` goes to a variable or out of the function."""
        e = unparen(e)
        v = self.local(e)
        if v is not None:
            self.odd.add(v)
            self.changed.add(v)
            self.flows.append((v, to))
        elif isinstance(e, go.SliceExpr):
            self.flow(e.x, to)
            for bound in (e.low, e.high, e.max):
                if bound is not None:
                    self.visit(bound)
        elif isinstance(e, go.CallExpr):
            self.call(e, to)
        elif isinstance(e, go.UnaryExpr) and e.op == "&":
            self.flow(e.x, HEAP)
        else:
            self.visit(e)

    def visit(self, e: Any) -> None:
        """Look at what is evaluated and not kept."""
        e = unparen(e)
        if isinstance(e, go.Ident):
            v = self.local(e)
            if v is not None:
                self.odd.add(v)
        elif isinstance(e, go.IndexExpr) and self.local(unparen(e.x)) is not None:
            self.visit(e.index)
        elif isinstance(e, go.CallExpr):
            self.call(e, STACK)
        elif isinstance(e, go.CompositeLit):
            for each in e.elts:
                if isinstance(each, go.KeyValueExpr):
                    self.visit(each.key)
                    each = each.value
                self.flow(each, HEAP)
        elif isinstance(e, go.FuncLit):
            self.literal += 1
            self.stmt(e.body)
            self.literal -= 1
        elif isinstance(e, go.UnaryExpr) and e.op == "&":
            self.flow(e.x, HEAP)
        elif isinstance(e, go.SelectorExpr):
            selection = self.info.selections.get(e)
            if selection is not None and selection.kind == "method":
                self.flow(e.x, HEAP)  # a method value
            else:
                self.visit(e.x)
        elif isinstance(e, go.Node):
            for child in go.children(e):
                if isinstance(child, go.Expr):
                    self.visit(child)

    def call(self, e: go.CallExpr, to: Any) -> None:
        fun = unparen(e.fun)
        tv = self.info.types.get(fun)
        if tv is not None and tv.mode == operand.TYPEXPR:
            self.made[e] = to
            source = self.info.types.get(e.args[0])
            slices = (
                source is not None
                and type(source.type.underlying()) is Slice
                and type(tv.type.underlying()) is Slice
            )
            self.flow(e.args[0], to if slices else STACK)
            if source is not None and type(source.type.underlying()) is Slice and not slices:
                under = tv.type.underlying()
                if type(under).__name__ in ("Interface", "Pointer"):
                    self.flow(e.args[0], HEAP)
            return
        if tv is not None and tv.mode == operand.BUILTIN:
            self.builtin(e, fun, to)
            return
        inner: Any = fun
        if isinstance(fun, (go.IndexExpr, go.IndexListExpr)):
            inner = unparen(fun.x)
        callee: Any = None
        first = 0
        if isinstance(inner, go.SelectorExpr):
            selection = self.info.selections.get(inner)
            if selection is None:
                callee = self.info.uses.get(inner.sel)
            elif selection.kind == "method" and len(selection.index) == 1:
                callee, first = selection.obj, 1
            if selection is not None and selection.kind != "field" and type(callee) is Func:
                self.pass_(inner.x, callee.origin, 0)
            elif selection is not None:
                self.flow(inner.x, HEAP) if selection.kind == "method" else self.visit(inner.x)
        elif isinstance(inner, go.Ident):
            callee = self.info.uses.get(inner)
        else:
            self.visit(inner)
        if type(callee) is not Func:
            for arg in e.args:
                self.flow(arg, HEAP)
            return
        callee = callee.origin
        sig = callee.type
        fixed = len(sig.params) - bool(sig.variadic)
        for i, arg in enumerate(e.args):
            if i < fixed or e.ellipsis:
                self.pass_(arg, callee, first + i)
            else:
                self.flow(arg, HEAP)

    def pass_(self, arg: go.Expr, callee: Any, number: int) -> None:
        """An argument for a parameter of a function that is known."""
        sig = callee.type
        assert isinstance(sig, Signature)
        params = [*([sig.recv] if sig.recv is not None else []), *sig.params]
        kind = type(params[number].type.underlying()) if number < len(params) else None
        if kind is not Slice:
            self.flow(arg, HEAP if kind is None or kind.__name__ == "Interface" else STACK)
            return
        state = self.all.parameter(callee, number)
        v = self.local(unparen(arg))
        function = self.all.function(callee)
        if v is not None and function is not None:
            if function.short:
                self.hand_on(v, STACK if state == STACK else HEAP)
                return
            if state == STACK:
                self.changed.add(v)
                return
        self.flow(arg, STACK if state == STACK else HEAP)

    def hand_on(self, v: Any, to: Any) -> None:
        """A slice variable is assigned to something else, returned or ranged over."""
        self.handed_on.setdefault(v, []).append(self.depth)
        self.flows.append((v, to))

    def builtin(self, e: go.CallExpr, fun: go.Expr, to: Any) -> None:
        name = fun.sel if isinstance(fun, go.SelectorExpr) else fun
        obj = self.info.uses.get(name) if isinstance(name, go.Ident) else None
        kind = obj.id_ if type(obj) is Builtin else ""
        if kind == "append":
            self.made[e] = to
            self.flow(e.args[0], to)
            for arg in e.args[1:]:
                self.flow(arg, STACK if e.ellipsis else HEAP)
            return
        if kind in ("len", "cap"):
            if self.local(unparen(e.args[0])) is None:
                self.visit(e.args[0])
            return
        keeps = kind in ("panic", "min", "max")
        for arg in e.args:
            self.flow(arg, HEAP if keeps else STACK)

    # -- statements --------------------------------------------------------------------------------

    def stmt(self, s: Any) -> None:
        """Look at a statement."""
        if isinstance(s, go.AssignStmt):
            if len(s.lhs) == len(s.rhs):
                for x, y in zip(s.lhs, s.rhs, strict=True):
                    self.assign(x, y)
            else:
                for y in s.rhs:
                    self.flow(y, HEAP)
                for x in s.lhs:
                    self.visit(x)
        elif isinstance(s, go.ReturnStmt):
            for x in s.results:
                to = HEAP if self.literal else RETURNED
                v = self.local(unparen(x))
                if v is not None and not self.literal:
                    self.hand_on(v, to)
                else:
                    self.flow(x, to)
            if not s.results and not self.literal:
                for v in self.results:
                    self.hand_on(v, RETURNED)
        elif isinstance(s, go.SendStmt):
            self.visit(s.chan)
            self.flow(s.value, HEAP)
        elif isinstance(s, (go.GoStmt, go.DeferStmt)):
            call = unparen(s.call)
            assert isinstance(call, go.CallExpr)
            self.visit(call.fun)
            for arg in call.args:
                self.flow(arg, HEAP)
        elif isinstance(s, go.RangeStmt):
            v = self.local(unparen(s.x))
            if v is not None:
                self.hand_on(v, STACK)
            else:
                self.visit(s.x)
            self.depth += 1
            self.stmt(s.body)
            self.depth -= 1
        elif isinstance(s, go.ForStmt):
            for part in (s.init, s.cond):
                if part is not None:
                    self.stmt(part)
            self.depth += 1
            for part in (s.body, s.post):
                if part is not None:
                    self.stmt(part)
            self.depth -= 1
        elif isinstance(s, go.ValueSpec):
            if len(s.names) == len(s.values):
                for name, value in zip(s.names, s.values, strict=True):
                    self.assign(name, value)
            else:
                for value in s.values:
                    self.flow(value, HEAP)
                for name in s.names:
                    self.declare(name)
        elif isinstance(s, go.Expr):
            self.visit(s)
        elif isinstance(s, go.Node):
            for child in go.children(s):
                self.stmt(child)

    def declare(self, x: go.Expr) -> None:
        """Note how deep in loops a variable is declared."""
        v = self.info.defs.get(x) if isinstance(x, go.Ident) else None
        if v is not None:
            self.declared[v] = self.depth

    def assign(self, x: go.Expr, y: go.Expr) -> None:
        """``x = y``."""
        x, y = unparen(x), unparen(y)
        self.declare(x)
        v, w = self.local(x), self.local(y)
        if v is None and isinstance(x, go.IndexExpr):
            changed = self.local(unparen(x.x))
            if changed is not None:
                self.changed.add(changed)
        to: Any = v
        if v is None:
            blank = isinstance(x, go.Ident) and x.name == "_"
            to = STACK if blank else HEAP
            if not blank:
                self.visit(x)
        if w is not None:
            self.hand_on(w, to)
            return
        if v is not None and self._same(v, y):
            return
        self.flow(y, to)

    def _same(self, v: Any, y: go.Expr) -> bool:
        """Look at ``s = append(s, …)`` and ``s = s[i:j]``, which leave a slice its own."""
        if isinstance(y, go.SliceExpr) and self.local(unparen(y.x)) is v:
            for bound in (y.low, y.high, y.max):
                if bound is not None:
                    self.visit(bound)
            return True
        if not isinstance(y, go.CallExpr) or not y.args:
            return False
        name = unparen(y.fun)
        obj = self.info.uses.get(name) if isinstance(name, go.Ident) else None
        if type(obj) is not Builtin or obj.id_ != "append":
            return False
        if self.local(unparen(y.args[0])) is not v:
            return False
        self.made[y] = v
        self.changed.add(v)
        self.weight[v] = self.weight.get(v, 0) + 1 + self.depth - self.declared.get(v, 0)
        for arg in y.args[1:]:
            self.flow(arg, STACK if y.ellipsis else HEAP)
        return True
