"""Untyped constants: what a type can hold, rounding, overflow (``types2/const.go``)."""

from __future__ import annotations

from fractions import Fraction
from math import isinf
from typing import Any

from gosim.golang import ast
from gosim.golang.types import constant
from gosim.golang.types.base import Base
from gosim.golang.types.operand import INVALID, Operand
from gosim.golang.types.predicates import is_integer, is_numeric, is_type_param, is_typed
from gosim.golang.types.types import (
    BOOL,
    COMPLEX64,
    COMPLEX128,
    FLOAT32,
    FLOAT64,
    INT,
    INT8,
    INT16,
    INT32,
    INT64,
    STRING,
    UINT,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    UINTPTR,
    UNTYPED_BOOL,
    UNTYPED_COMPLEX,
    UNTYPED_FLOAT,
    UNTYPED_INT,
    UNTYPED_RUNE,
    UNTYPED_STRING,
    Basic,
    Type,
)

__all__ = ["CANNOT", "ConstMixin", "represent"]

#: What `represent` returns for a constant that the type cannot hold.
CANNOT: Any = object()

_RANGES: dict[int, tuple[int, int]] = {
    INT: (-(1 << 63), (1 << 63) - 1),
    INT8: (-(1 << 7), (1 << 7) - 1),
    INT16: (-(1 << 15), (1 << 15) - 1),
    INT32: (-(1 << 31), (1 << 31) - 1),
    INT64: (-(1 << 63), (1 << 63) - 1),
    UINT: (0, (1 << 64) - 1),
    UINT8: (0, (1 << 8) - 1),
    UINT16: (0, (1 << 16) - 1),
    UINT32: (0, (1 << 32) - 1),
    UINT64: (0, (1 << 64) - 1),
    UINTPTR: (0, (1 << 64) - 1),
}

_UNTYPED_INTEGERS = frozenset({UNTYPED_INT, UNTYPED_RUNE})
_FLOATS = frozenset({FLOAT32, FLOAT64, UNTYPED_FLOAT})
_COMPLEX = frozenset({COMPLEX64, COMPLEX128, UNTYPED_COMPLEX})
_STRINGS = frozenset({STRING, UNTYPED_STRING})
_BOOLEANS = frozenset({BOOL, UNTYPED_BOOL})

#: Bits an untyped integer may have.
_PRECISION = 512
#: Bytes a string constant may have, the linker's limit for a symbol.
_LONGEST = 2_000_000_000


def represent(val: Any, typ: Basic) -> Any:
    """Return constant `val` as a variable of `typ` holds it, or `CANNOT`.

    Integers come back as int, floats rounded to the precision of the type. The unknown constant
    (None) fits everywhere.
    """
    if val is None:
        return None
    kind = typ.kind
    limits = _RANGES.get(kind)
    if limits is not None:
        if type(val) is not int:
            val = constant.to_int(val)
            if type(val) is not int:
                return CANNOT
        return val if limits[0] <= val <= limits[1] else CANNOT
    if kind in _UNTYPED_INTEGERS:
        val = constant.to_int(val)
        return val if type(val) is int else CANNOT
    if kind in _FLOATS:
        exact = constant.to_float(val)
        if exact is None:
            return CANNOT
        if kind == UNTYPED_FLOAT:
            return val
        return _rounded(exact, kind == FLOAT32)
    if kind in _COMPLEX:
        number: Any = constant.to_complex(val)
        if number is None:
            return CANNOT
        if kind == UNTYPED_COMPLEX:
            return val
        re = _rounded(number.re, kind == COMPLEX64)
        im = _rounded(number.im, kind == COMPLEX64)
        return CANNOT if re is CANNOT or im is CANNOT else constant.Complex(re, im)
    if kind in _STRINGS:
        return val if type(val) is str else CANNOT
    return val if kind in _BOOLEANS and type(val) is bool else CANNOT


def _rounded(val: Any, single: bool) -> Any:
    """Return the number nearest to `val` that a float32 or float64 can be, or `CANNOT`."""
    if not val:
        return Fraction(0)
    if type(val) is Fraction and val.denominator == 1 and -(1 << 24) < val.numerator < 1 << 24:
        return val
    near = constant.float32_val(val) if single else constant.float64_val(val)
    return CANNOT if isinf(near) else Fraction(near)


class ConstMixin(Base):
    """The checker's methods for constants."""

    def overflow(self, x: Operand, op_pos: int) -> None:
        """Report the constant `x` if its type cannot hold it.

        Untyped ones must not become too large either; `op_pos` is the place of the operator.
        """
        val = x.val
        if val is None:
            self.error(op_pos, "InvalidConstVal", "constant result is not representable")
            return
        typ = x.type
        if is_typed(typ):
            self.representable(x, typ.underlying())
            return
        cls = type(val)
        if cls is int:
            if val.bit_length() > _PRECISION:
                op = _op_name(x.expr)
                self.errorf(
                    op_pos, "InvalidConstVal", "constant %soverflow", op + " " if op else ""
                )
                x.val = None
        elif cls is str and len(val) > _LONGEST:
            self.errorf(
                op_pos,
                "InvalidConstVal",
                "constant string too long (%d bytes > %d bytes)",
                len(val),
                _LONGEST,
            )
            x.val = None

    def representable(self, x: Operand, typ: Basic) -> None:
        """Round the constant `x` to `typ`; invalid, with an error, if that cannot hold it."""
        v, code = self.representation(x, typ)
        if code:
            self.invalid_conversion(code, x, typ)
            x.mode = INVALID
            return
        x.val = v

    def representation(self, x: Operand, typ: Basic) -> tuple[Any, str]:
        """Return the constant `x` as `typ` holds it and "", or (None, error code)."""
        v = represent(x.val, typ)
        if v is not CANNOT:
            return v, ""
        if is_numeric(x.type) and is_numeric(typ):
            if not is_integer(x.type) and is_integer(typ):
                return None, "TruncatedFloat"
            return None, "NumericOverflow"
        return None, "InvalidConstVal"

    def invalid_conversion(self, code: str, x: Operand, target: Type) -> None:
        """Report a failed implicit conversion."""
        message = "cannot convert %s to type %s"
        if code == "TruncatedFloat":
            message = "%s truncated to %s"
        elif code == "NumericOverflow":
            message = "%s overflows %s"
        self.errorf(x, code, message, x, target)

    def convert_untyped(self, x: Operand, target: Type) -> None:
        """Give an untyped operand the type `target`; invalid, with an error, if it cannot."""
        new, val, code = self.implicit_type_and_value(x, target)
        if code:
            t = target if is_type_param(target) else target.underlying()
            self.invalid_conversion(code, x, t)
            x.mode = INVALID
            return
        if val is not None:
            x.val = val
            self.update_expr_val(x.expr, val)
        if new is not x.type:
            assert new is not None
            x.type = new
            self.update_expr_type(x.expr, new, False)


_BINARY_NAMES = {
    "+": "addition",
    "-": "subtraction",
    "^": "bitwise XOR",
    "*": "multiplication",
    "<<": "shift",
}


def _op_name(e: ast.Expr | None) -> str:
    """Return what Go calls an operation that may overflow; empty for others."""
    if type(e) is ast.BinaryExpr:
        return _BINARY_NAMES.get(e.op, "")
    if type(e) is ast.UnaryExpr and e.op == "^":
        return "bitwise complement"
    return ""
