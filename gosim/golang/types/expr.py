"""Expressions: their types, constant values and addressability (``types2/expr.go``).

Every expression goes through `ExprMixin.raw_expr`, which fills an `Operand`. An expression that is
still untyped waits in `Base.untyped` until its use gives it a type (`update_expr_type`); what is
left there at the end keeps its untyped type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from gosim.golang import ast
from gosim.golang.ast import node_pos, start_pos
from gosim.golang.types.base import EXPRESSION, STATEMENT
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
)
from gosim.golang.types.operations import OperationsMixin
from gosim.golang.types.predicates import (
    identical,
    is_generic,
    is_type_param,
    is_untyped,
    is_valid,
)
from gosim.golang.types.types import (
    INVALID as INVALID_KIND,
)
from gosim.golang.types.types import (
    TYP,
    UNTYPED_BOOL,
    Alias,
    Basic,
    Interface,
    Named,
    Pointer,
    Signature,
    Tuple,
    Type,
)
from gosim.golang.types.under import common_under, under_is
from gosim.golang.types.universe import universe_error
from gosim.golang.types.untyped import UntypedMixin

__all__ = ["NO_VALUES", "ExprMixin", "Target", "new_target", "nth"]

INVALID_OP = "invalid operation: "
INVALID_TYPE = TYP[INVALID_KIND]

#: Modes that are no values, as a set of bits.
NO_VALUES = 1 << NOVALUE | 1 << BUILTIN | 1 << TYPEXPR
_NOT_SINGLE = frozenset({NOVALUE, BUILTIN, TYPEXPR})
_COMMA_OK = frozenset({MAPINDEX, COMMAOK, COMMAERR})


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


class ExprMixin(OperationsMixin, UntypedMixin):
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
                Operand(VALUE, ast.Ident(start_pos(e), nth(i, "function result")), v.type)
                for i, v in enumerate(typ.vars, 1)
            ], False
        if allow_comma_ok and mode in _COMMA_OK:
            what = "ok value of (comma, ok) expression"
            second: Type = TYP[UNTYPED_BOOL]
            if mode == COMMAERR:
                what = "err value of (comma, err) expression"
                second = universe_error
            return [x, Operand(VALUE, ast.Ident(start_pos(e), what), second)], True
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
                    self.func_inst(target, node_pos(x.expr), x, None, True)
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
            self.func_inst(target, e.lbrack, x, e, True)
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
