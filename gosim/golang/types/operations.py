"""Operators: unary and binary operations, comparisons and shifts (``types2/expr.go``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gosim.golang import ast
from gosim.golang.ast import unparen
from gosim.golang.errors import Unsupported
from gosim.golang.types import constant, sizes
from gosim.golang.types.base import Base
from gosim.golang.types.operand import (
    COMMAOK,
    CONSTANT,
    INVALID,
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
    is_integer,
    is_non_type_param_interface,
    is_type_param,
    is_typed,
    is_unsigned,
    is_untyped,
    is_valid,
)
from gosim.golang.types.types import (
    RECV_ONLY,
    SEND_ONLY,
    TYP,
    UINT,
    UNTYPED_BOOL,
    UNTYPED_INT,
    Chan,
    Map,
    Pointer,
    Signature,
    Slice,
    Type,
)
from gosim.golang.types.under import common_under

__all__ = ["OperationsMixin"]

INVALID_OP = "invalid operation: "

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

#: Bytes a string constant may have here; Go goes on to two thousand million.
_LONGEST = 1 << 26


def op_pos(e: ast.Expr | None) -> int:
    """Return the place of the operator of an operation, and where others begin."""
    if e is None:
        return 0
    return e.op_pos if type(e) is ast.BinaryExpr else ast.start_pos(e)


class OperationsMixin(Base):
    """The checker's methods for operations."""

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
        op = e.op
        operand = e.x
        if op == "&" and type(operand) is ast.ParenExpr:
            # gc's parser drops these parentheses: errors are about what is in them.
            self.expr(None, x, unparen(operand))
            while type(operand) is ast.ParenExpr:
                self.record_type_and_value(operand, x.mode, x.type, x.val)
                operand = operand.x
        else:
            self.expr(None, x, operand)
        if x.mode == INVALID:
            return
        if op == "&":
            # A composite literal is not addressable, but its address may be taken.
            if x.mode != VARIABLE and type(operand) is not ast.CompositeLit:
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
            if type(x.val) is str and len(x.val) + len(y.val) > _LONGEST:
                what = "a string constant of more than 64 MB"
                raise Unsupported(op_pos(e), f"{what} is not simulated")
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
