"""Operators: arithmetic that wraps, shifts, comparison, logic; ranges of integer expressions.

Integer results are tested in line. A test falls away where the ranges of the operands show that the
result fits (`range_of`): constants, lengths, small types, remainders, loop counters.
"""

from __future__ import annotations

import ast

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.compile.base import Base
from gosim.golang.compile.layout import basic_name, is_aggregate
from gosim.golang.compile.order import late
from gosim.golang.types import operand
from gosim.golang.types.objects import Builtin, Object, Var
from gosim.golang.types.types import (
    IS_COMPLEX,
    IS_FLOAT,
    IS_INTEGER,
    IS_STRING,
    IS_UNSIGNED,
    Basic,
    Interface,
    Map,
    Slice,
    Tuple,
    Type,
)

__all__ = ["BITS", "OperatorMixin", "int_range"]

#: Bits of each integer type.
BITS = {
    **{f"{u}int{n}": n for u in ("", "u") for n in (8, 16, 32, 64)},
    "int": 64,
    "uint": 64,
    "uintptr": 64,
    "untyped int": 64,
    "untyped rune": 32,
}
_MAX_LEN = 1 << 48
_FLAT = 50
_FAR = 1 << 200
_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_COMPARISONS = frozenset(["==", "!=", "<", "<=", ">", ">="])


def int_range(t: Basic) -> tuple[int, int]:
    """Return lowest and highest value of an integer type."""
    bits = BITS[basic_name(t)]
    if t.info & IS_UNSIGNED:
        return 0, (1 << bits) - 1
    return -(1 << bits - 1), (1 << bits - 1) - 1


class OperatorMixin(Base):
    """Unary and binary operators."""

    # -- ranges -----------------------------------------------------------------------------------

    def range_of(self, e: go.Expr, depth: int = 6) -> tuple[int, int]:
        """Lowest and highest value that an integer expression can have.

        `depth`: so far down it is looked at; each level of a long sum asks anew.
        """
        e = unparen(e)
        tv = self.info.types.get(e)
        if tv is not None and tv.value is not None:
            try:
                n = int(tv.value)
            except (TypeError, ValueError):
                return -_FAR, _FAR
            return n, n
        t = self.typ(e).underlying()
        if not isinstance(t, Basic) or not t.info & IS_INTEGER:
            return -_FAR, _FAR
        low, high = whole = int_range(t)
        if isinstance(e, go.Ident):
            obj = self.info.uses.get(e)
            found = self.ranges.get(obj) if obj is not None else None
            return whole if found is None else found
        if isinstance(e, go.CallExpr):
            known = self._range_of_call(e, depth)
            if known is None:
                return whole
        elif isinstance(e, go.BinaryExpr):
            if not depth:
                return whole
            xs, ys = self.range_of(e.x, depth - 1), self.range_of(e.y, depth - 1)
            known = self._combined(e.op, xs, ys)
            if known is None:
                return whole
        elif isinstance(e, go.UnaryExpr) and e.op == "-":
            if not depth:
                return whole
            x = self.range_of(e.x, depth - 1)
            known = -x[1], -x[0]
        else:
            return whole
        return known if low <= known[0] and known[1] <= high else whole

    def restore_ranges(self, known: dict[Object, tuple[int, int]]) -> None:
        """Forget what was learned about variables since `known` was copied."""
        if self.ranges != known:
            self.ranges.clear()
            self.ranges.update(known)

    def stable(self, e: go.Expr) -> Var | None:
        """The integer variable that `e` is, if it is never assigned to again (or as good as)."""
        e = unparen(e)
        if not isinstance(e, go.Ident):
            return None
        v = self.info.uses.get(e)
        return v if isinstance(v, Var) and self.is_stable(v) else None

    def is_stable(self, v: Var) -> bool:
        """Whether a local variable keeps the value it is declared with, while it is in scope."""
        if v in self.ranges:
            return True
        use = v.memo
        return (
            getattr(use, "assigned", 1) == 0
            and not (use.address or use.far or use.post)
            and isinstance(u := self.resolve(v.type).underlying(), Basic)
            and bool(u.info & IS_INTEGER)
        )

    def note_range(self, v: Var, e: go.Expr) -> None:
        """Remember the range of a variable declared as `e` that never changes."""
        if self.is_stable(v):
            self.ranges[v] = self.range_of(e)

    def refined(self, cond: go.Expr, truth: bool) -> dict[Object, tuple[int, int]]:
        """What is known of variables where a condition is true, or false."""
        cond = unparen(cond)
        if isinstance(cond, go.UnaryExpr) and cond.op == "!":
            return self.refined(cond.x, not truth)
        if not isinstance(cond, go.BinaryExpr):
            return {}
        op = cond.op
        if op == ("&&" if truth else "||"):
            found = self.refined(cond.x, truth)
            for v, (low, high) in self.refined(cond.y, truth).items():
                a, b = found.get(v, (low, high))
                found[v] = max(a, low), min(b, high)
            return found
        if op not in _NEGATED:
            return {}
        if not truth:
            op = _NEGATED[op]
        found = {}
        for x, y, relation in ((cond.x, cond.y, op), (cond.y, cond.x, _TURNED[op])):
            variable = self.stable(x)
            if variable is None:
                continue
            low, high = self.range_of(x)
            a, b = self.range_of(y)
            if relation == "<":
                high = min(high, b - 1)
            elif relation == "<=":
                high = min(high, b)
            elif relation == ">":
                low = max(low, a + 1)
            elif relation == ">=":
                low = max(low, a)
            elif relation == "==":
                low, high = max(low, a), min(high, b)
            if low <= high:
                found[variable] = low, high
        return found

    def _range_of_call(self, e: go.CallExpr, depth: int) -> tuple[int, int] | None:
        fun = unparen(e.fun)
        tv = self.info.types.get(fun)
        if tv is not None and tv.mode == operand.TYPEXPR and len(e.args) == 1:
            source = self.typ(e.args[0]).underlying()
            if isinstance(source, Basic) and source.info & IS_INTEGER and depth:
                return self.range_of(e.args[0], depth - 1)
        if isinstance(fun, go.Ident):
            obj = self.info.uses.get(fun)
            if isinstance(obj, Builtin) and obj.name in ("len", "cap", "copy"):
                return 0, _MAX_LEN
        return None

    def _combined(self, op: str, x: tuple[int, int], y: tuple[int, int]) -> tuple[int, int] | None:
        """The range of ``x op y`` before it is wrapped."""
        if op == "+":
            return x[0] + y[0], x[1] + y[1]
        if op == "-":
            return x[0] - y[1], x[1] - y[0]
        if op == "*":
            ends = [a * b for a in x for b in y]
            return min(ends), max(ends)
        if op == "%" and y[0] > 0:
            top = y[1] - 1
            return (0, min(top, x[1])) if x[0] >= 0 else (max(-top, x[0]), min(top, max(x[1], 0)))
        if op == "/" and y[0] > 0:
            return min(x[0], 0), max(x[1], 0)
        if op == "&":
            if y[0] >= 0:
                return 0, y[1] if x[0] < 0 else min(x[1], y[1])
            if x[0] >= 0:
                return 0, x[1]
            return None
        if op == "&^":
            return (0, x[1]) if x[0] >= 0 else None
        if op in ("|", "^") and x[0] >= 0 and y[0] >= 0:
            return 0, (1 << max(x[1].bit_length(), y[1].bit_length())) - 1
        if op == ">>" and y[0] >= 0:
            n = min(y[0], 64)
            return (x[0] >> n, x[1] >> n) if x[0] >= 0 else (x[0], max(x[1] >> n, 0))
        if op == "<<" and y[0] >= 0 and y[1] < 64:
            ends = [a << b for a in x for b in y]
            return min(ends), max(ends)
        return None

    # -- wrapping ---------------------------------------------------------------------------------

    def wrapped(self, x: ast.expr, t: Basic, known: tuple[int, int]) -> ast.expr:
        """`x`, whose value lies in `known`, brought into the range of an integer type."""
        low, high = int_range(t)
        below, above = known[0] < low, known[1] > high
        if not below and not above:
            return x
        if not low:
            if high < 1 << 32 or known[1] > high << 1:
                return self.binary("&", x, self.const(high))
            # The mask of 64 bits is slower than the test.
            name = self.temp()
            value = self.bind(name, x)
            if below and above:
                test = self.compare(self.const(0), "<=", value, "<=", self.const(high))
            elif below:
                test = self.compare(value, ">=", self.const(0))
            else:
                test = self.compare(value, "<=", self.const(high))
            return self.if_(
                test, self.name(name), self.binary("&", self.name(name), self.const(high))
            )
        name = self.temp()
        value = self.bind(name, x)
        if below and above:
            test = self.compare(self.const(low), "<=", value, "<=", self.const(high))
        elif below:
            test = self.compare(value, ">=", self.const(low))
        else:
            test = self.compare(value, "<=", self.const(high))
        helper = f"wrap_int{BITS[basic_name(t)]}"
        return self.if_(test, self.name(name), self.invoke(helper, self.name(name)))

    # -- binary operators --------------------------------------------------------------------------

    def binary_expr(self, e: go.BinaryExpr) -> ast.expr:
        """``x op y``."""
        op = e.op
        if op == "&&" or op == "||":
            return self._logic(e)
        if op in _COMPARISONS:
            return self._comparison(e)
        # Long sums lean to the left: no recursion for them.
        chain: list[go.BinaryExpr] = []
        left: go.Expr = e
        while True:
            bare = unparen(left)
            if (
                not isinstance(bare, go.BinaryExpr)
                or bare.op in _COMPARISONS
                or bare.op in ("&&", "||")
            ):
                break
            tv = self.info.types.get(bare)
            if tv is not None and tv.value is not None:
                break
            chain.append(bare)
            left = bare.x
        chain.reverse()
        operands = [left, *(each.y for each in chain)]
        x, *others = late(self, operands, [self.expr(each) for each in operands])
        partial: list[ast.expr] = []
        for i, (each, y) in enumerate(zip(chain, others, strict=True), 1):
            self.position(each.op_pos)
            t = self.typ(each)
            x = self.operate(each.op, x, y, t, self.range_of(each.x), self.range_of(each.y))
            if not i % _FLAT:
                # Python's compiler goes only so deep.
                name = self.temp()
                partial.append(self.bind(name, x))
                x = self.name(name)
        if partial:
            return self.index(self.tuple([*partial, x]), self.const(-1))
        return x

    def arith(self, op: str, x: ast.expr, y: ast.expr, t: Type, line: int = 0) -> ast.expr:
        """``x op y`` of two values of type `t`."""
        u = t.underlying()
        whole = int_range(u) if isinstance(u, Basic) and u.info & IS_INTEGER else (-_FAR, _FAR)
        if op in ("<<", ">>"):
            return self.operate(op, x, y, t, whole, self._range_of_value(y))
        known = self._range_of_value(y)
        return self.operate(op, x, y, t, whole, known if known[0] == known[1] else whole)

    def _range_of_value(self, y: ast.expr) -> tuple[int, int]:
        if isinstance(y, ast.Constant) and type(y.value) is int:
            return y.value, y.value
        return -_FAR, _FAR

    def operate(
        self,
        op: str,
        x: ast.expr,
        y: ast.expr,
        t: Type,
        xs: tuple[int, int],
        ys: tuple[int, int],
    ) -> ast.expr:
        """``x op y`` of operands in the ranges `xs` and `ys`; the result is of type `t`."""
        u = t.underlying()
        assert isinstance(u, Basic), t
        info = u.info
        if info & IS_INTEGER:
            return self._integers(op, x, y, u, xs, ys)
        if info & IS_STRING:
            return self.invoke("concat", x, y) if self.types.counts else self.binary("+", x, y)
        if info & IS_FLOAT:
            single = basic_name(u) == "float32"
            made = self._quotient(x, y) if op == "/" else self.binary(op, x, y)
            return self.invoke("f32", made) if single else made
        assert info & IS_COMPLEX
        made = self.invoke("complex_quotient", x, y) if op == "/" else self.binary(op, x, y)
        return self.invoke("c64", made) if basic_name(u) == "complex64" else made

    def _quotient(self, x: ast.expr, y: ast.expr) -> ast.expr:
        if isinstance(y, ast.Constant) and y.value:
            return self.binary("/", x, y)
        if isinstance(y, ast.Name) and isinstance(x, (ast.Name, ast.Constant)):
            return self.if_(
                self.name(y.id), self.binary("/", x, y), self.invoke("float_quotient", x, y)
            )
        return self.invoke("float_divide", x, y)

    def _integers(
        self,
        op: str,
        x: ast.expr,
        y: ast.expr,
        t: Basic,
        xs: tuple[int, int],
        ys: tuple[int, int],
    ) -> ast.expr:
        if op in ("+", "-", "*"):
            known = self._combined(op, xs, ys)
            assert known is not None
            return self.wrapped(self.binary(op, x, y), t, known)
        if op in ("&", "|", "^"):
            return self.binary(op, x, y)
        if op == "&^":
            return self.binary("&", x, self.unary("~", y))
        if op == "<<":
            return self._shift_left(x, y, t, xs, ys)
        if op == ">>":
            if ys[0] >= 64:
                return self.binary(">>", x, self.const(64))
            return self.binary(">>", x, y)
        return self._division(op, x, y, t, xs, ys)

    def _shift_left(
        self,
        x: ast.expr,
        y: ast.expr,
        t: Basic,
        xs: tuple[int, int],
        ys: tuple[int, int],
    ) -> ast.expr:
        bits = BITS[basic_name(t)]
        if ys[0] >= bits:
            return self.binary("*", x, self.const(0))
        if ys[1] < bits:
            known = self._combined("<<", xs, (max(ys[0], 0), max(ys[1], 0)))
            assert known is not None
            return self.wrapped(self.binary("<<", x, y), t, known)
        first, y = self.twice(y)
        if (self.simple(x) or first is y or isinstance(first, ast.Name)) and not _sets(x, first):
            test = self.compare(first, "<", self.const(bits))
            shifted = self.binary("<<", x, y)
            far = (-(1 << 2 * bits), 1 << 2 * bits)
            return self.if_(test, self.wrapped(shifted, t, far), self.const(0))
        far = (-(1 << 2 * bits), 1 << 2 * bits)
        return self.wrapped(self.invoke("shift_left", x, first, self.const(bits)), t, far)

    def _division(
        self,
        op: str,
        x: ast.expr,
        y: ast.expr,
        t: Basic,
        xs: tuple[int, int],
        ys: tuple[int, int],
    ) -> ast.expr:
        python = "//" if op == "/" else "%"
        if xs[0] >= 0 and ys[0] >= 0:
            return self.binary(python, x, y)  # Python's error for zero becomes Go's panic
        helper = "quotient" if op == "/" else "remainder"
        if ys[0] > 0:
            first, x = self.twice(x)
            test = self.compare(first, ">=", self.const(0))
            negative = self.unary("-", self.binary(python, self.unary("-", x), y))
            if self.simple(y):
                return self.if_(test, self.binary(python, x, y), negative)
            return self.invoke(helper, first, y)
        if isinstance(y, ast.Name) and (xs[0] < 0 or self.simple(x)):
            # In line where no operand is negative.
            first, x = self.twice(x)
            tests: list[ast.expr] = [self.compare(y, ">", self.const(0))]
            if xs[0] < 0:
                tests.insert(0, self.compare(first, ">=", self.const(0)))
            made = self._wrapped_quotient(self.invoke(helper, x, y), op, t, ys)
            return self.if_(self.and_(*tests), self.binary(python, x, y), made)
        return self._wrapped_quotient(self.invoke(helper, x, y), op, t, ys)

    def _wrapped_quotient(self, x: ast.expr, op: str, t: Basic, ys: tuple[int, int]) -> ast.expr:
        """The result of a division where the lowest value may be divided by -1."""
        if op == "%" or ys[0] > -1 or (ys[1] < -1 and ys[0] == ys[1]):
            return x
        low = int_range(t)[0]
        return self.wrapped(x, t, (low, -low)) if low else x

    # -- logic -------------------------------------------------------------------------------------

    def _logic(self, e: go.BinaryExpr) -> ast.expr:
        parts: list[go.Expr] = []
        left: go.Expr = e
        while True:
            bare = unparen(left)
            tv = self.info.types.get(bare)
            if (
                not isinstance(bare, go.BinaryExpr)
                or bare.op != e.op
                or (tv is not None and tv.value is not None)
            ):
                break
            parts.append(bare.y)
            left = bare.x
        parts.append(left)
        known = dict(self.ranges)
        made: list[ast.expr] = []
        for part in reversed(parts):
            made.append(self.expr(part))
            # What comes behind is evaluated only where this was true (false).
            self.ranges.update(self.refined(part, e.op == "&&"))
        self.restore_ranges(known)
        return self.and_(*made) if e.op == "&&" else self.or_(*made)

    # -- comparison --------------------------------------------------------------------------------

    def _comparison(self, e: go.BinaryExpr) -> ast.expr:
        op = e.op
        if op in ("==", "!="):
            if self.is_nil(e.y):
                return self._compare_nil(e.x, op)
            if self.is_nil(e.x):
                return self._compare_nil(e.y, op)
        s, t = self.typ(e.x), self.typ(e.y)
        x, y = late(self, (e.x, e.y), [self.expr(e.x), self.expr(e.y)])
        self.position(e.op_pos)
        if op not in ("==", "!="):
            return self.compare(x, op, y)
        if isinstance(s.underlying(), Interface) != isinstance(t.underlying(), Interface):
            if isinstance(s.underlying(), Interface):
                return self._equality(op, x, self._boxed_for_comparison(y, t), s)
            return self._equality(op, self._boxed_for_comparison(x, s), y, t)
        return self._equality(op, x, y, s)

    def _boxed_for_comparison(self, x: ast.expr, t: Type) -> ast.expr:
        return self.box_value(x, t)

    def _compare_nil(self, e: go.Expr, op: str) -> ast.expr:
        """``e == nil``."""
        t = self.typ(e)
        u = t.underlying()
        x = self.expr(e)
        python = "is" if op == "==" else "is not"
        if isinstance(u, Slice):
            return self.compare(self.attr(x, "a"), python, self.const(None))
        if isinstance(u, Map):
            return self.compare(x, python, self.helper("NIL_MAP"))
        return self.compare(x, python, self.const(None))

    def _equality(self, op: str, x: ast.expr, y: ast.expr, t: Type) -> ast.expr:
        same = self.types.same(t)
        if same is None:
            return self.compare(x, op, y)
        if same == "is":
            return self.compare(x, "is" if op == "==" else "is not", y)
        made = self.call(self.name(same), x, y)
        return made if op == "==" else self.not_(made)

    def equal(self, x: ast.expr, y: ast.expr, t: Type) -> ast.expr:
        """``x == y`` of two values of type `t`."""
        if isinstance(y, ast.Constant) and y.value is None:
            return self.compare(x, "is", y)
        return self._equality("==", x, y, t)

    # -- unary operators ---------------------------------------------------------------------------

    def unary_expr(self, e: go.UnaryExpr) -> ast.expr:
        """``op x``."""
        op = e.op
        if op == "&":
            return self.address(e.x)
        if op == "<-":
            return self.receive(e)
        x = self.expr(e.x)
        self.position(e.op_pos)
        if op == "!":
            return self.unary("not", x)
        u = self.typ(e).underlying()
        assert isinstance(u, Basic)
        if op == "+":
            return x
        if op == "^":
            if u.info & IS_UNSIGNED:
                return self.binary("^", x, self.const(int_range(u)[1]))
            return self.unary("~", x)
        if not u.info & IS_INTEGER:
            return self.unary("-", x)
        low, high = self.range_of(e.x)
        return self.wrapped(self.unary("-", x), u, (-high, -low))

    def receive(self, e: go.UnaryExpr) -> ast.expr:
        """``<-c``."""
        c = self.typ(e.x).underlying()
        x = self.channel(self.expr(e.x))
        self.position(e.op_pos)
        elem = c.elem  # type: ignore[attr-defined]
        if isinstance(self.info.types[e].type, Tuple):
            closed = self.helper("MISSING")
            t = self.temp()
            got = self.bind(t, self.wait(self.method(x, "recv", closed)))
            there = self.tuple([self.name(t), self.const(True)])
            none = self.tuple([self.zero(elem), self.const(False)])
            return self.if_(self.compare(got, "is not", self.helper("MISSING")), there, none)
        if not is_aggregate(elem):
            return self.wait(self.method(x, "recv", self.zero(elem)))
        t = self.temp()
        got = self.bind(t, self.wait(self.method(x, "recv", self.const(None))))
        return self.if_(
            self.compare(got, "is not", self.const(None)), self.name(t), self.zero(elem)
        )

    def channel(self, x: ast.expr) -> ast.expr:
        """A channel for an operation: nil becomes the world's nil channel."""
        first, x = self.twice(x)
        return self.if_(
            self.compare(first, "is not", self.const(None)), x, self.invoke("no_channel")
        )

    # -- others' -----------------------------------------------------------------------------------

    def simple(self, x: ast.expr) -> bool:
        """See `ExprMixin`."""
        raise NotImplementedError

    def twice(self, x: ast.expr) -> tuple[ast.expr, ast.expr]:
        """See `ExprMixin`."""
        raise NotImplementedError

    def address(self, e: go.Expr) -> ast.expr:
        """See `ExprMixin`."""
        raise NotImplementedError

    def is_nil(self, e: go.Expr) -> bool:
        """See `ExprMixin`."""
        raise NotImplementedError

    def box_value(self, x: ast.expr, t: Type) -> ast.expr:
        """See `ConversionMixin`."""
        raise NotImplementedError


def _sets(x: ast.expr, y: ast.expr) -> bool:
    """Whether `y` is a temporary that has its value only when `x` is evaluated."""
    return isinstance(y, ast.Name) and any(
        isinstance(each, ast.NamedExpr) and each.target.id == y.id for each in ast.walk(x)
    )
