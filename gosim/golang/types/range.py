"""Range clauses (``types2/range.go``)."""

from __future__ import annotations

from typing import Any

from gosim.golang.ast import Expr, Ident, RangeStmt
from gosim.golang.types.errors import ErrorsMixin
from gosim.golang.types.objects import LOCAL_VAR, Var
from gosim.golang.types.operand import INVALID, VALUE, Operand
from gosim.golang.types.predicates import (
    identical,
    is_boolean,
    is_integer,
    is_string,
)
from gosim.golang.types.types import (
    INT,
    SEND_ONLY,
    TYP,
    Array,
    Basic,
    Chan,
    Map,
    Pointer,
    Signature,
    Slice,
    Type,
)
from gosim.golang.types.types import INVALID as INVALID_KIND
from gosim.golang.types.under import common_under
from gosim.golang.types.universe import universe_bool, universe_rune

__all__ = ["RangeMixin"]

INVALID_TYPE = TYP[INVALID_KIND]
_ITERATOR = "func must be func(yield func(...) bool): "


def _array_ptr_deref(t: Any) -> Any:
    """Return the array that `t` points at, else `t` itself."""
    if type(t) is Pointer:
        u = t.base.underlying()
        if type(u) is Array:
            return u
    return t


class RangeMixin(ErrorsMixin):
    """Checks range statements."""

    def range_stmt(self, s: RangeStmt) -> None:
        """Check ``for key, value tok range x {...}``."""
        x = Operand()
        self.expr(None, x, s.x)
        key: Type | None = None
        val: Type | None = None
        extra = s.extra[0] if s.extra else None
        if x.mode != INVALID:
            key, val, cause, ok = self.range_key_val(x.type)
            code = "InvalidRangeExpr"
            if not ok:
                if cause:
                    self.soft_errorf(x, code, "cannot range over %s: %s", x, cause)
                else:
                    self.soft_errorf(x, code, "cannot range over %s", x)
            elif key is None and s.key is not None:
                why = "range over %s permits no iteration variables"
                self.soft_errorf(s.key, "InvalidIterVar", why, x)
            elif val is None and s.value is not None:
                why = "range over %s permits only one iteration variable"
                self.soft_errorf(s.value, "InvalidIterVar", why, x)
            elif extra is not None:
                why = "range clause permits at most two iteration variables"
                self.soft_errorf(extra, "InvalidIterVar", why)
        # The variables are declared in the block of the statement.
        self.open_scope(s, "range")
        over_int = x.mode != INVALID and is_integer(x.type)
        if s.tok == ":=":
            self._declare_vars(s, x, key, val, over_int)
        elif s.key is not None:
            self._assign_vars(s, x, key, val, over_int)
        elif over_int:
            # A constant must still fit the type it gets.
            self.assignment(x, None, "range clause")
        self.stmt(s.body)
        self.close_scope()

    def _declare_vars(
        self, s: RangeStmt, x: Operand, key: Type | None, val: Type | None, over_int: bool
    ) -> None:
        new: list[Var] = []
        pairs: tuple[tuple[Expr | None, Type | None], ...] = ((s.key, key), (s.value, val))
        for lhs, typ in pairs:
            if lhs is None:
                continue
            if isinstance(lhs, Ident):
                obj = Var(lhs.pos, self.pkg, lhs.name, None, LOCAL_VAR)
                self.record_def(lhs, obj)
                if lhs.name != "_":
                    new.append(obj)
            else:
                self.errorf(lhs, "InvalidSyntaxTree", "cannot declare %s", lhs)
                obj = Var(lhs.pos, self.pkg, "_", None, LOCAL_VAR)
            if typ is None or typ is INVALID_TYPE:
                obj.type = INVALID_TYPE
                obj.used = True
            elif over_int:
                self.init_var(obj, x, "range clause")
            else:
                self.init_var(obj, Operand(VALUE, lhs, typ), "assignment")
        if new:
            for obj in new:
                self.declare(self.scope, None, obj, s.body.lbrace)
            self.local_vars += new
        else:
            self.error(s, "NoNewVar", "no new variables on left side of :=")

    def _assign_vars(
        self, s: RangeStmt, x: Operand, key: Type | None, val: Type | None, over_int: bool
    ) -> None:
        pairs: tuple[tuple[Expr | None, Type | None], ...] = ((s.key, key), (s.value, val))
        for lhs, typ in pairs:
            if lhs is None or typ is None or typ is INVALID_TYPE:
                continue
            if over_int:
                self.assign_var(lhs, None, x, "range clause")
                if x.mode != INVALID and not is_integer(x.type):
                    why = "cannot use iteration variable of type %s"
                    self.soft_errorf(lhs, "InvalidRangeExpr", why, x.type)
            else:
                self.assign_var(lhs, None, Operand(VALUE, lhs, typ), "assignment")

    def range_key_val(self, orig: Type) -> tuple[Type | None, Type | None, str, bool]:
        """Return (key type, value type, why not, whether one can range over `orig`)."""

        def receivable(t: Any, u: Any) -> Any:
            if type(u) is Chan and u.dir == SEND_ONLY:
                return self.sprintf("receive from send-only channel %s", t)
            return None

        def bad(cause: str) -> tuple[Type, Type, str, bool]:
            return INVALID_TYPE, INVALID_TYPE, cause, False

        rtyp, why = common_under(orig, receivable)
        if rtyp is None:
            return bad(self.text(why))
        typ = _array_ptr_deref(rtyp)
        cls = type(typ)
        if cls is Slice or cls is Array:
            return TYP[INT], typ.elem, "", True
        if cls is Basic:
            if is_string(typ):
                return TYP[INT], universe_rune, "", True
            if is_integer(typ):
                if not self.allow_version(22):
                    return bad("requires go1.22 or later")
                return orig, None, "", True
        elif cls is Map:
            return typ.key, typ.elem, "", True
        elif cls is Chan:
            return typ.elem, None, "", True
        elif cls is Signature:
            return self._iterator(typ)
        return None, None, "", False

    def _iterator(self, typ: Signature) -> tuple[Type | None, Type | None, str, bool]:
        def bad(cause: str) -> tuple[Type, Type, str, bool]:
            return INVALID_TYPE, INVALID_TYPE, cause, False

        if not self.allow_version(23):
            return bad("requires go1.23 or later")
        if len(typ.params) != 1:
            return bad(_ITERATOR + "wrong argument count")
        if len(typ.results) != 0:
            return bad(_ITERATOR + "unexpected results")
        cb, why = common_under(typ.params[0].type, None)
        if not isinstance(cb, Signature):
            if why:
                return bad(f"{_ITERATOR}in yield type, {self.text(why)}")
            return bad(_ITERATOR + "argument is not func")
        if len(cb.params) > 2:
            return bad(_ITERATOR + "yield func has too many parameters")
        if len(cb.results) != 1 or not identical(cb.results[0].type, universe_bool):
            if len(cb.results) == 1 and is_boolean(cb.results[0].type):
                return bad(_ITERATOR + "yield func returns user-defined boolean, not bool")
            return bad(_ITERATOR + "yield func does not return bool")
        if cb.variadic:
            return bad(self.sprintf("yield func of type %s cannot be variadic", cb))
        key = cb.params[0].type if len(cb.params) >= 1 else None
        val = cb.params[1].type if len(cb.params) >= 2 else None
        return key, val, "", True
