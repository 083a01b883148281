"""Expressions: their types, constant values and addressability (``types2/expr.go``).

Every expression goes through `ExprMixin.raw_expr`, which fills an `Operand`. An expression that is
still untyped waits in `Base.untyped` until its use gives it a type (`update_expr_type`); what is
left there at the end keeps its untyped type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from gosim.golang import ast
from gosim.golang.ast import unparen
from gosim.golang.types import constant, sizes
from gosim.golang.types.base import EXPRESSION, STATEMENT, Base
from gosim.golang.types.operand import (
    BUILTIN,
    COMMAERR,
    COMMAOK,
    CONSTANT,
    INVALID,
    MAPINDEX,
    NOVALUE,
    TYPEXPR,
    VALUE,
    VARIABLE,
    Operand,
    composite_kind,
)
from gosim.golang.types.predicates import (
    all_boolean,
    all_integer,
    all_numeric,
    all_numeric_or_string,
    all_ordered,
    all_string,
    all_unsigned,
    comparable,
    comparable_type,
    default,
    has_nil,
    identical,
    is_boolean,
    is_generic,
    is_integer,
    is_non_type_param_interface,
    is_numeric,
    is_string,
    is_type_param,
    is_typed,
    is_unsigned,
    is_untyped,
    is_valid,
    max_type,
)
from gosim.golang.types.types import (
    INVALID as INVALID_KIND,
)
from gosim.golang.types.types import (
    RECV_ONLY,
    SEND_ONLY,
    TYP,
    UINT,
    UNTYPED_BOOL,
    UNTYPED_COMPLEX,
    UNTYPED_FLOAT,
    UNTYPED_INT,
    UNTYPED_RUNE,
    UNTYPED_STRING,
    Alias,
    Basic,
    Chan,
    Interface,
    Map,
    Named,
    Pointer,
    Signature,
    Slice,
    Tuple,
    Type,
)
from gosim.golang.types.under import common_under, under_is
from gosim.golang.types.universe import universe_error

__all__ = ["ExprMixin", "Target", "new_target", "nth", "op_pos"]

INVALID_OP = "invalid operation: "
INVALID_TYPE = TYP[INVALID_KIND]

_UNARY: dict[str, Callable[[Type], bool]] = {
    "+": all_numeric,
    "-": all_numeric,
    "^": all_integer,
    "!": all_boolean,
}
_BINARY: dict[str, Callable[[Type], bool]] = {
    "+": all_numeric_or_string,
    "-": all_numeric,
    "*": all_numeric,
    "/": all_numeric,
    "%": all_integer,
    "&": all_integer,
    "|": all_integer,
    "^": all_integer,
    "&^": all_integer,
    "&&": all_boolean,
    "||": all_boolean,
}
_SHIFTS = frozenset({"<<", ">>"})
_EQUALITY = frozenset({"==", "!="})
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})

#: A constant may be shifted so far that the smallest float64 can be written.
_SHIFT_BOUND = 1023 - 1 + 52

#: Modes that are no values, as a set of bits.
NO_VALUES = 1 << NOVALUE | 1 << BUILTIN | 1 << TYPEXPR
_NOT_SINGLE = frozenset({NOVALUE, BUILTIN, TYPEXPR})


class Target(NamedTuple):
    """The signature a generic function is assigned to, and what has it (for errors)."""

    sig: Signature
    desc: str


def new_target(typ: Type | None, desc: str) -> Target | None:
    """Return the target for a variable of type `typ`; None unless that is a function type."""
    if typ is not None:
        u, _ = common_under(typ, None)
        if type(u) is Signature:
            return Target(u, str(desc))
    return None


def nth(n: int, what: str) -> str:
    """Return ``"1st what"`` and so on."""
    return f"{n}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(n, 'th') } {what}"


def op_pos(e: ast.Expr | None) -> int:
    """Return the place of the operator of an operation, and where others begin."""
    if e is None:
        return 0
    return e.op_pos if type(e) is ast.BinaryExpr else e.pos


class ExprMixin(Base):
    """The checker's methods for expressions."""

    # ------------------------------------------------------------- entries

    def raw_expr(
        self, target: Any, x: Operand, e: ast.Expr, hint: Type | None, allow_generic: bool
    ) -> int:
        """Check any expression or type; return CONVERSION, EXPRESSION or STATEMENT.

        Parameters
        ----------
        target
            A `Target`: the type arguments of a generic function follow from it.
        hint
            The type of a composite literal without one.
        allow_generic
            Let generic types and functions pass.
        """
        x.mode = INVALID
        x.type = INVALID_TYPE
        kind = self._EXPRESSIONS[type(e)](self, target, x, e, hint)
        typ = x.type
        cls = type(typ)
        if not allow_generic and (cls is Signature or cls is Named or cls is Alias):
            self.non_generic(target, x)
            typ = x.type
            cls = type(typ)
        # What `record` does, in place: most expressions are typed.
        mode = x.mode
        if mode != INVALID:
            if mode == NOVALUE or (cls is Basic and is_untyped(typ)):
                self.record(x)
            else:
                self.record_type_and_value(x.expr, mode, typ, x.val if mode == CONSTANT else None)
        return kind

    def expr(self, target: Any, x: Operand, e: ast.Expr) -> None:
        """Check an expression that must be one value; `x` is invalid after an error."""
        self.raw_expr(target, x, e, None, False)
        mode = x.mode
        if mode in _NOT_SINGLE:
            self.exclude(x, NO_VALUES)
        elif mode == VALUE and type(x.type) is Tuple:
            self.single_value(x)

    def generic_expr(self, x: Operand, e: ast.Expr, hint: Type | None = None) -> None:
        """As `expr`; the result may be a generic function."""
        self.raw_expr(None, x, e, hint, True)
        mode = x.mode
        if mode in _NOT_SINGLE:
            self.exclude(x, NO_VALUES)
        elif mode == VALUE and type(x.type) is Tuple:
            self.single_value(x)

    def expr_with_hint(self, x: Operand, e: ast.Expr, hint: Type) -> None:
        """Check an element of a composite literal whose type is `hint` when it has none."""
        self.generic_expr(x, e, hint)

    def expr_or_type(self, x: Operand, e: ast.Expr, allow_generic: bool) -> None:
        """Check an expression of one value, or a type."""
        self.raw_expr(None, x, e, None, allow_generic)
        mode = x.mode
        if mode == NOVALUE:
            self.exclude(x, 1 << NOVALUE)
        elif mode == VALUE and type(x.type) is Tuple:
            self.single_value(x)

    def multi_expr(self, e: ast.Expr, allow_comma_ok: bool) -> tuple[list[Operand], bool]:
        """Check an expression of any number of values.

        Returns
        -------
        tuple
            The operands, the first invalid after an error; and whether they are the two of a
            comma-ok form (only if `allow_comma_ok`).
        """
        x = Operand()
        self.raw_expr(None, x, e, None, False)
        mode = x.mode
        if mode in _NOT_SINGLE:
            self.exclude(x, NO_VALUES)
            mode = x.mode
        typ = x.type
        if type(typ) is Tuple and mode != INVALID:
            return [
                # For better errors the values are named after their place.
                Operand(VALUE, ast.Ident(e.pos, nth(i, "function result")), v.type)
                for i, v in enumerate(typ.vars, 1)
            ], False
        if allow_comma_ok and (mode == MAPINDEX or mode == COMMAOK or mode == COMMAERR):
            what = "ok value of (comma, ok) expression"
            second: Type = TYP[UNTYPED_BOOL]
            if mode == COMMAERR:
                what = "err value of (comma, err) expression"
                second = universe_error
            return [x, Operand(VALUE, ast.Ident(e.pos, what), second)], True
        return [x], False

    def exclude(self, x: Operand, modeset: int) -> None:
        """Report operands of a mode in `modeset` (of NOVALUE, BUILTIN, TYPEXPR)."""
        if not modeset >> x.mode & 1:
            return
        if x.mode == NOVALUE:
            value = modeset >> TYPEXPR & 1
            message = "%s used as value" if value else "%s used as value or type"
            code = "TooManyValues"
        elif x.mode == BUILTIN:
            message = "%s must be called"
            code = "UncalledBuiltin"
        else:
            message = "%s is not an expression"
            code = "NotAnExpr"
        self.errorf(x, code, message, x)
        x.mode = INVALID

    def single_value(self, x: Operand) -> None:
        """Report and invalidate tuples."""
        if x.mode == VALUE and type(x.type) is Tuple:
            self.errorf(x, "TooManyValues", "multiple-value %s in single-value context", x)
            x.mode = INVALID

    def non_generic(self, target: Any, x: Operand) -> None:
        """Instantiate a generic function for `target`; report generic types and functions."""
        if x.mode == INVALID or x.mode == NOVALUE:
            return
        t = x.type
        what = ""
        if type(t) is Signature:
            if t.type_params:
                if target is not None:
                    assert x.expr is not None
                    self.func_inst(target, x.expr.pos, x, None, True)
                    return
                what = "function"
        elif (type(t) is Named or type(t) is Alias) and is_generic(t):
            what = "type"
        if what:
            self.errorf(
                x.expr,
                "WrongTypeArgCount",
                "cannot use generic %s %s without instantiation",
                what,
                x.expr,
            )
            x.mode = INVALID
            x.type = INVALID_TYPE

    # ------------------------------------------------------------- one method per kind of node

    def _bad(self, target: Any, x: Operand, e: Any, hint: Type | None) -> int:
        x.mode = INVALID
        x.expr = e
        return STATEMENT

    def _name(self, target: Any, x: Operand, e: ast.Ident, hint: Type | None) -> int:
        self.ident(x, e, False)
        x.expr = e
        return EXPRESSION

    def _ellipsis(self, target: Any, x: Operand, e: ast.Ellipsis, hint: Type | None) -> int:
        self.error(e, "InvalidSyntaxTree", "invalid use of ...")
        return self._bad(None, x, e, None)

    def _basic_lit(self, target: Any, x: Operand, e: ast.BasicLit, hint: Type | None) -> int:
        self.basic_lit(x, e)
        x.expr = e
        return EXPRESSION if x.mode != INVALID else STATEMENT

    def _func_lit(self, target: Any, x: Operand, e: ast.FuncLit, hint: Type | None) -> int:
        self.func_lit(x, e)
        x.expr = e
        return EXPRESSION if x.mode != INVALID else STATEMENT

    def _composite_lit(
        self, target: Any, x: Operand, e: ast.CompositeLit, hint: Type | None
    ) -> int:
        self.composite_lit(x, e, hint)
        x.expr = e
        return EXPRESSION if x.mode != INVALID else STATEMENT

    def _paren(self, target: Any, x: Operand, e: ast.ParenExpr, hint: Type | None) -> int:
        # Inference does not look through parentheses.
        kind = self.raw_expr(None, x, e.x, None, False)
        x.expr = e
        return kind

    def _selector(self, target: Any, x: Operand, e: ast.SelectorExpr, hint: Type | None) -> int:
        self.selector(x, e, False)
        x.expr = e
        return EXPRESSION

    def _index(self, target: Any, x: Operand, e: Any, hint: Type | None) -> int:
        if self.index_expr(x, e):
            self.func_inst(target, e.pos, x, e, True)
        x.expr = e
        return EXPRESSION if x.mode != INVALID else STATEMENT

    def _slice(self, target: Any, x: Operand, e: ast.SliceExpr, hint: Type | None) -> int:
        self.slice_expr(x, e)
        x.expr = e
        return EXPRESSION if x.mode != INVALID else STATEMENT

    def _type_assert(
        self, target: Any, x: Operand, e: ast.TypeAssertExpr, hint: Type | None
    ) -> int:
        if e.type is None:
            self.error(e, "InvalidSyntaxTree", "use of .(type) outside type switch")
            self.use(e.x)
            return self._bad(None, x, e, None)
        self.expr(None, x, e.x)
        if x.mode == INVALID:
            return self._bad(None, x, e, None)
        if is_type_param(x.type):
            self.errorf(
                x,
                "InvalidAssert",
                INVALID_OP + "cannot use type assertion on type parameter value %s",
                x,
            )
            return self._bad(None, x, e, None)
        if type(x.type.underlying()) is not Interface:
            self.errorf(x, "InvalidAssert", INVALID_OP + "%s is not an interface", x)
            return self._bad(None, x, e, None)
        typ = self.var_type(e.type)
        if not is_valid(typ) or not self.is_complete(typ):
            return self._bad(None, x, e, None)
        self.type_assertion(e, x, typ, False)
        x.mode = COMMAOK
        x.type = typ
        x.expr = e
        return EXPRESSION

    def _call(self, target: Any, x: Operand, e: ast.CallExpr, hint: Type | None) -> int:
        return self.call_expr(x, e)

    def _star(self, target: Any, x: Operand, e: ast.StarExpr, hint: Type | None) -> int:
        self.expr_or_type(x, e.x, False)
        if x.mode == INVALID:
            x.expr = e
            return STATEMENT
        if x.mode == TYPEXPR:
            self.valid_var_type(e.x, x.type)
            x.type = Pointer(x.type)
            x.expr = e
            return EXPRESSION
        base: Type | None = None

        def pointer(u: Type | None) -> bool:
            nonlocal base
            if type(u) is not Pointer:
                self.errorf(x, "InvalidIndirection", INVALID_OP + "cannot indirect %s", x)
                return False
            if base is not None and not identical(u.base, base):
                self.errorf(
                    x,
                    "InvalidIndirection",
                    INVALID_OP + "pointers of %s must have identical base types",
                    x,
                )
                return False
            base = u.base
            return True

        if not under_is(x.type, pointer) or base is None or not self.is_complete(base):
            return self._bad(None, x, e, None)
        x.mode = VARIABLE
        x.type = base
        x.expr = e
        return EXPRESSION

    def _unary(self, target: Any, x: Operand, e: ast.UnaryExpr, hint: Type | None) -> int:
        self.unary(x, e)
        x.expr = e
        # A receive may stand as a statement.
        return EXPRESSION if x.mode != INVALID and e.op != "<-" else STATEMENT

    def _binary(self, target: Any, x: Operand, e: ast.BinaryExpr, hint: Type | None) -> int:
        self.binary(x, e, e.x, e.y, e.op)
        x.expr = e
        return EXPRESSION if x.mode != INVALID else STATEMENT

    def _key_value(self, target: Any, x: Operand, e: ast.KeyValueExpr, hint: Type | None) -> int:
        self.error(e, "InvalidSyntaxTree", "no key:value expected")
        return self._bad(None, x, e, None)

    def _type(self, target: Any, x: Operand, e: ast.Expr, hint: Type | None) -> int:
        x.type = self.typ(e)
        x.mode = TYPEXPR
        x.expr = e
        return EXPRESSION

    _EXPRESSIONS: ClassVar[dict[type, Callable[..., int]]] = {
        ast.BadExpr: _bad,
        ast.Ident: _name,
        ast.Ellipsis: _ellipsis,
        ast.BasicLit: _basic_lit,
        ast.FuncLit: _func_lit,
        ast.CompositeLit: _composite_lit,
        ast.ParenExpr: _paren,
        ast.SelectorExpr: _selector,
        ast.IndexExpr: _index,
        ast.IndexListExpr: _index,
        ast.SliceExpr: _slice,
        ast.TypeAssertExpr: _type_assert,
        ast.CallExpr: _call,
        ast.StarExpr: _star,
        ast.UnaryExpr: _unary,
        ast.BinaryExpr: _binary,
        ast.KeyValueExpr: _key_value,
        ast.ArrayType: _type,
        ast.StructType: _type,
        ast.FuncType: _type,
        ast.InterfaceType: _type,
        ast.MapType: _type,
        ast.ChanType: _type,
    }

    # ------------------------------------------------------------- operators

    def _op(self, table: dict[str, Callable[[Type], bool]], x: Operand, op: str) -> bool:
        defined = table.get(op)
        if defined is None:
            self.errorf(x, "InvalidSyntaxTree", "unknown operator %s", op)
            return False
        if not defined(x.type):
            self.errorf(x, "UndefinedOp", INVALID_OP + "operator %s not defined on %s", op, x)
            return False
        return True

    def unary(self, x: Operand, e: ast.UnaryExpr) -> None:
        """Check ``op x``, ``&x`` and ``<-x``."""
        self.expr(None, x, e.x)
        if x.mode == INVALID:
            return
        op = e.op
        if op == "&":
            # A composite literal is not addressable, but its address may be taken.
            if x.mode != VARIABLE and type(unparen(e.x)) is not ast.CompositeLit:
                self.errorf(x, "UnaddressableOperand", INVALID_OP + "cannot take address of %s", x)
                x.mode = INVALID
                return
            x.mode = VALUE
            x.type = Pointer(x.type)
            return
        if op == "<-":
            elem = self.chan_elem(x, x, True)
            if elem is not None and self.is_complete(elem):
                x.mode = COMMAOK
                x.type = elem
                self.has_call_or_recv = True
                return
            x.mode = INVALID
            return
        if op == "~":
            message = "cannot use ~ outside of interface or type constraint"
            if not all_integer(x.type):
                self.error(e, "UndefinedOp", message)
                x.mode = INVALID
                return
            self.error(e, "UndefinedOp", message + " (use ^ for bitwise complement)")
            op = "^"
        if not self._op(_UNARY, x, op):
            x.mode = INVALID
            return
        if x.mode == CONSTANT:
            if x.val is None:
                return
            prec = sizes.sizeof(x.type) * 8 if is_unsigned(x.type) else 0
            x.val = constant.unary_op(op, x.val, prec)
            x.expr = e
            self.overflow(x, e.op_pos)
            return
        x.mode = VALUE

    def chan_elem(self, pos: Any, x: Operand, recv: bool) -> Type | None:
        """Return the element type of a channel operand; None, with an error, if it is none."""
        typ = x.type
        u: Type | None = typ.underlying()
        if type(u) is Chan and (u.dir != (SEND_ONLY if recv else RECV_ONLY)):
            return u.elem

        def usable(t: Type | None, u: Type | None) -> str | None:
            if u is None:
                return "no specific channel type"
            if type(u) is not Chan:
                return self.sprintf("non-channel %s", t)
            if recv and u.dir == SEND_ONLY:
                return self.sprintf("send-only channel %s", t)
            if not recv and u.dir == RECV_ONLY:
                return self.sprintf("receive-only channel %s", t)
            return None

        u, cause = common_under(typ, usable)
        if type(u) is Chan:
            return u.elem
        code = "InvalidReceive" if recv else "InvalidSend"
        verb = "cannot receive from" if recv else "cannot send to"
        if is_type_param(typ):
            self.errorf(pos, code, INVALID_OP + verb + " %s: %s", x, cause)
        else:
            self.errorf(pos, code, INVALID_OP + verb + " %s %s", cause, x)
        return None

    def binary(
        self,
        x: Operand,
        e: ast.Expr | None,
        lhs: ast.Expr,
        rhs: ast.Expr,
        op: str,
        op_pos_: int = 0,
    ) -> None:
        """Check ``lhs op rhs``; `e` is None for the operation in ``lhs op= rhs``."""
        y = Operand()
        self.expr(None, x, lhs)
        self.expr(None, y, rhs)
        if x.mode == INVALID:
            return
        if y.mode == INVALID:
            x.mode = INVALID
            x.expr = y.expr
            return
        if op in _SHIFTS:
            self.shift(x, y, e, op)
            return
        xt = x.type
        yt = y.type
        if xt is not yt or is_untyped(xt):
            self.match_types(x, y)
            if x.mode == INVALID:
                return
            xt = x.type
            yt = y.type
        if op in _COMPARISONS:
            self.comparison(x, y, op)
            return
        if xt is not yt and not identical(xt, yt):
            # An invalid type was reported where it came up.
            if is_valid(xt) and is_valid(yt):
                if e is not None:
                    self.errorf(
                        x,
                        "MismatchedTypes",
                        INVALID_OP + "%s (mismatched types %s and %s)",
                        e,
                        xt,
                        yt,
                    )
                else:
                    self.errorf(
                        x,
                        "MismatchedTypes",
                        INVALID_OP + "%s %s= %s (mismatched types %s and %s)",
                        lhs,
                        op,
                        rhs,
                        xt,
                        yt,
                    )
            x.mode = INVALID
            return
        if not _BINARY[op](xt):
            self._op(_BINARY, x, op)
            x.mode = INVALID
            return
        constants = x.mode == CONSTANT and y.mode == CONSTANT
        if (op == "/" or op == "%") and y.mode == CONSTANT and y.val is not None:
            if (x.mode == CONSTANT or all_integer(xt)) and constant.sign(y.val) == 0:
                self.error(y, "DivByZero", INVALID_OP + "division by zero")
                x.mode = INVALID
                return
        if constants:
            if x.val is None or y.val is None:
                x.val = None
                return
            x.val = constant.binary_op(x.val, "//" if op == "/" and is_integer(xt) else op, y.val)
            x.expr = e
            self.overflow(x, op_pos(e))
            return
        x.mode = VALUE

    def match_types(self, x: Operand, y: Operand) -> None:
        """Convert untyped operands to the type of the other one, where that can be."""
        if _may_convert(x, y):
            self.convert_untyped(x, y.type)
            if x.mode == INVALID:
                return
            self.convert_untyped(y, x.type)
            if y.mode == INVALID:
                x.mode = INVALID

    def comparison(self, x: Operand, y: Operand, op: str, switch_case: bool = False) -> None:
        """Check ``x op y``; `x` becomes the untyped bool.

        With `switch_case` it is ``case x`` of ``switch y``, and `op` does not matter.
        """
        xt = x.type
        yt = y.type
        if not is_valid(xt) or not is_valid(yt):
            x.mode = INVALID
            return
        if switch_case:
            op = "=="
        at = x
        cause = ""
        code = "UndefinedOp"
        if xt is yt or x.assignable_to(self, yt)[0] or y.assignable_to(self, xt)[0]:
            if op in _EQUALITY:
                if x.is_nil() or y.is_nil():
                    failed = not has_nil(yt if x.is_nil() else xt)
                    if failed:
                        # nil == nil
                        at = y
                else:
                    failed = not comparable(xt)
                    if failed:
                        cause = self.incomparable_cause(xt)
                    elif not comparable(yt):
                        failed = True
                        at = y
                        cause = self.incomparable_cause(yt)
            else:
                failed = not all_ordered(xt)
                if not failed and not all_ordered(yt):
                    failed = True
                    at = y
        else:
            # Only the second operand makes it a mismatch.
            failed = True
            at = y
            code = "MismatchedTypes"
            cause = self.sprintf("mismatched types %s and %s", xt, yt)
        if not failed:
            if x.mode == CONSTANT and y.mode == CONSTANT:
                if x.val is not None and y.val is not None:
                    x.val = constant.compare(x.val, op, y.val)
                else:
                    x.val = False
            else:
                x.mode = VALUE
                if is_untyped(xt):
                    self.update_expr_type(x.expr, default(xt), True)
                if is_untyped(yt):
                    self.update_expr_type(y.expr, default(yt), True)
            x.type = TYP[UNTYPED_BOOL]
            return
        if not cause:
            if is_type_param(xt) or is_type_param(yt):
                if not is_type_param(xt):
                    at = y
                cause = self.sprintf("type parameter %s cannot use operator %s", at.type, op)
            else:
                what = composite_kind(at.type) or self.sprintf("%s", at.type)
                cause = self.sprintf("operator %s not defined on %s", op, what)
        if switch_case:
            self.errorf(x, code, "invalid case %s in switch on %s (%s)", x.expr, y.expr, cause)
        else:
            self.errorf(at, code, INVALID_OP + "%s %s %s (%s)", x.expr, op, y.expr, cause)
        x.mode = INVALID

    def incomparable_cause(self, typ: Type) -> str:
        """Say why values of `typ` cannot be compared; empty when there is no more to say."""
        if type(typ.underlying()) in (Slice, Signature, Map):
            return composite_kind(typ) + " can only be compared to nil"
        return self.text(comparable_type(typ, True, None) or "")

    def shift(self, x: Operand, y: Operand, e: ast.Expr | None, op: str) -> None:
        """Check ``x op y`` for a shift."""
        xval = constant.to_int(x.val) if x.mode == CONSTANT else None
        if not (all_integer(x.type) or (is_untyped(x.type) and type(xval) is int)):
            self.errorf(
                x, "InvalidShiftOperand", INVALID_OP + "shifted operand %s must be integer", x
            )
            x.mode = INVALID
            return
        yval = None
        if y.mode == CONSTANT:
            yval = constant.to_int(y.val)
            if type(yval) is int and yval < 0:
                self.errorf(y, "InvalidShiftCount", INVALID_OP + "negative shift count %s", y)
                x.mode = INVALID
                return
            if is_untyped(y.type):
                # The count is not converted, it must only fit.
                self.representable(y, TYP[UINT])
                if y.mode == INVALID:
                    x.mode = INVALID
                    return
        elif all_integer(y.type):
            if not all_unsigned(y.type) and not self.verify_versionf(
                y, 13, INVALID_OP + "signed shift count %s", y
            ):
                x.mode = INVALID
                return
        elif is_untyped(y.type):
            self.convert_untyped(y, TYP[UINT])
            if y.mode == INVALID:
                x.mode = INVALID
                return
        else:
            self.errorf(y, "InvalidShiftCount", INVALID_OP + "shift count %s must be integer", y)
            x.mode = INVALID
            return
        if x.mode == CONSTANT:
            if y.mode == CONSTANT:
                if x.val is None or y.val is None:
                    x.val = None
                    if not is_integer(x.type):
                        x.type = TYP[UNTYPED_INT]
                    return
                if type(yval) is not int or yval > _SHIFT_BOUND:
                    self.errorf(y, "InvalidShiftCount", INVALID_OP + "invalid shift count %s", y)
                    x.mode = INVALID
                    return
                # 1.0<<3 is an integer.
                if not is_integer(x.type):
                    x.type = TYP[UNTYPED_INT]
                x.val = constant.shift(xval, op, yval)
                x.expr = e
                self.overflow(x, op_pos(e))
                return
            if is_untyped(x.type):
                # The constant takes the type it would have without the shift: check it once that
                # is known. (In a declaration cycle it may have got its type already.)
                info = self.untyped.get(x.expr)
                if info is not None:
                    info.is_lhs = True
                x.mode = VALUE
                return
        if not all_integer(x.type):
            self.errorf(
                x, "InvalidShiftOperand", INVALID_OP + "shifted operand %s must be integer", x
            )
            x.mode = INVALID
            return
        x.mode = VALUE

    # ------------------------------------------------------------- untyped expressions

    def update_expr_type(self, e: ast.Expr | None, typ: Type, final: bool) -> None:
        """Give the untyped expression `e`, and what it is made of, the type `typ`.

        A type that is typed or `final` is recorded; a constant must then be representable in it,
        and the left operand of a shift must be an integer.
        """
        old = self.untyped.get(e)
        if old is None:
            return
        mode = old.mode
        val = old.val
        cls = type(e)
        if cls is ast.ParenExpr:
            self.update_expr_type(e.x, typ, final)
        elif mode == CONSTANT:
            # The operands of a constant are constants, and never come to be values.
            pass
        elif cls is ast.UnaryExpr:
            self.update_expr_type(e.x, typ, final)
        elif cls is ast.BinaryExpr:
            if e.op in _COMPARISONS:
                # The operands have their own final types.
                pass
            elif e.op in _SHIFTS:
                self.update_expr_type(e.x, typ, final)
            else:
                self.update_expr_type(e.x, typ, final)
                self.update_expr_type(e.y, typ, final)
        if not final and is_untyped(typ):
            old.type = typ.underlying()
            return
        # An operand may be in two places of the tree only after errors.
        if self.untyped.pop(e, None) is None:
            return
        if old.is_lhs and not all_integer(typ):
            self.errorf(
                e,
                "InvalidShiftOperand",
                INVALID_OP + "shifted operand %s (type %s) must be integer",
                e,
                typ,
            )
            return
        if mode == CONSTANT:
            c = Operand(mode, e, old.type, val)
            self.convert_untyped(c, typ)
            if c.mode == INVALID:
                return
        self.record_type_and_value(e, mode, typ, val)

    def update_expr_val(self, e: ast.Expr | None, val: Any) -> None:
        """Update the value of an untyped expression."""
        info = self.untyped.get(e)
        if info is not None:
            info.val = val

    def implicit_type_and_value(self, x: Operand, target: Type) -> tuple[Type | None, Any, str]:
        """Return the type `x` takes on where `target` is expected.

        Returns
        -------
        tuple
            (type, value of a constant as that type holds it or None, ""), or
            (None, None, error code).
        """
        xt = x.type
        if x.mode == INVALID or is_typed(xt) or not is_valid(target):
            return xt, None, ""
        if is_untyped(target):
            m = max_type(xt, target)
            if m is not None:
                return m, None, ""
            return None, None, "InvalidUntypedConversion"
        if x.is_nil():
            if has_nil(target):
                return target, None, ""
            return None, None, "InvalidUntypedConversion"
        u = target.underlying()
        if type(u) is Basic:
            if x.mode == CONSTANT:
                v, code = self.representation(x, u)
                if code:
                    return None, None, code
                return target, v, ""
            fits = _FITS.get(xt.kind)
            if fits is None or not fits(target):
                return None, None, "InvalidUntypedConversion"
            return target, None, ""
        if type(u) is Interface:
            if is_type_param(target):
                if not under_is(
                    target,
                    lambda u: u is not None and self.implicit_type_and_value(x, u)[0] is not None,
                ):
                    return None, None, "InvalidUntypedConversion"
                return target, None, ""
            # Values in interfaces have their default type.
            if not u.empty():
                return None, None, "InvalidUntypedConversion"
            return default(xt), None, ""
        return None, None, "InvalidUntypedConversion"

    # ------------------------------------------------------------- type assertions

    def type_assertion(self, e: ast.Expr, x: Operand, typ: Type, type_switch: bool) -> None:
        """Report ``x.(typ)`` that can never hold; `x` is of interface type."""
        ok, cause = self.assertable_to(x.type, typ)
        if ok:
            return
        if type_switch:
            self.errorf(
                e,
                "ImpossibleAssert",
                "impossible type switch case: %s\n\t%s cannot have dynamic type %s %s",
                e,
                x,
                typ,
                cause,
            )
            return
        self.errorf(
            e,
            "ImpossibleAssert",
            "impossible type assertion: %s\n\t%s does not implement %s %s",
            e,
            typ,
            x.type,
            cause,
        )


_FITS: dict[int, Callable[[Type], bool]] = {
    UNTYPED_BOOL: is_boolean,
    UNTYPED_INT: is_numeric,
    UNTYPED_RUNE: is_numeric,
    UNTYPED_FLOAT: is_numeric,
    UNTYPED_COMPLEX: is_numeric,
    UNTYPED_STRING: is_string,
}


def _may_convert(x: Operand, y: Operand) -> bool:
    """Say whether one untyped operand may take the type of the other.

    If not, they stay as they are, and a mismatch of types is reported rather than a conversion.
    """
    xt, yt = x.type, y.type
    if is_typed(xt) and is_typed(yt):
        return False
    if all_numeric(xt) != all_numeric(yt):
        return False
    if is_non_type_param_interface(xt) or is_non_type_param_interface(yt):
        return True
    if all_boolean(xt) != all_boolean(yt) or all_string(xt) != all_string(yt):
        return False
    if x.is_nil():
        return has_nil(yt)
    if y.is_nil():
        return has_nil(xt)
    return not (type(xt.underlying()) is Pointer or type(yt.underlying()) is Pointer)
