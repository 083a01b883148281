"""Expressions without a type of their own, and how they get one (``types2/expr.go``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gosim.golang import ast
from gosim.golang.types.base import Base
from gosim.golang.types.operand import (
    CONSTANT,
    INVALID,
    Operand,
)
from gosim.golang.types.predicates import (
    all_integer,
    default,
    has_nil,
    is_boolean,
    is_numeric,
    is_string,
    is_type_param,
    is_typed,
    is_untyped,
    is_valid,
    max_type,
)
from gosim.golang.types.types import (
    UNTYPED_BOOL,
    UNTYPED_COMPLEX,
    UNTYPED_FLOAT,
    UNTYPED_INT,
    UNTYPED_RUNE,
    UNTYPED_STRING,
    Basic,
    Interface,
    Type,
)
from gosim.golang.types.under import under_is

__all__ = ["UntypedMixin"]

INVALID_OP = "invalid operation: "

_SHIFTS = frozenset({"<<", ">>"})
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})

_FITS: dict[int, Callable[[Type], bool]] = {
    UNTYPED_BOOL: is_boolean,
    UNTYPED_INT: is_numeric,
    UNTYPED_RUNE: is_numeric,
    UNTYPED_FLOAT: is_numeric,
    UNTYPED_COMPLEX: is_numeric,
    UNTYPED_STRING: is_string,
}


class UntypedMixin(Base):
    """The checker's methods for untyped expressions."""

    def update_expr_type(self, e: Any, typ: Type, final: bool) -> None:
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
            under = typ.underlying()
            assert type(under) is Basic
            old.type = under
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

    def update_expr_val(self, e: Any, val: Any) -> None:
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
