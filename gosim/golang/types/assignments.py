"""Initialization and assignment (``types2/assignments.go``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gosim.golang.ast import (
    CallExpr,
    Expr,
    Ident,
    ReturnStmt,
    SelectorExpr,
    unparen,
)
from gosim.golang.position import NO_POS
from gosim.golang.types.errors import ErrorsMixin
from gosim.golang.types.expr import new_target
from gosim.golang.types.objects import LOCAL_VAR, Const, Var
from gosim.golang.types.operand import (
    BUILTIN,
    CONSTANT,
    INVALID,
    MAPINDEX,
    NOVALUE,
    TYPEXPR,
    VALUE,
    VARIABLE,
    Operand,
)
from gosim.golang.types.predicates import (
    default,
    is_non_type_param_interface,
    is_numeric,
    is_untyped,
    is_valid,
)
from gosim.golang.types.signature import measure
from gosim.golang.types.types import INVALID as INVALID_KIND
from gosim.golang.types.types import (
    IS_UNTYPED,
    TYP,
    UNTYPED_NIL,
    Basic,
    Signature,
    Slice,
    Tuple,
    Type,
)

__all__ = ["AssignmentsMixin"]

INVALID_TYPE = TYP[INVALID_KIND]
_NO_VALUES = (NOVALUE, BUILTIN, TYPEXPR)


class AssignmentsMixin(ErrorsMixin):
    """Checks assignments."""

    def assignment(self, x: Operand, target: Type | None, context: str) -> None:
        mode = x.mode
        if mode == VALUE and type(x.type) is Tuple:
            self.single_value(x)
            mode = x.mode
        if mode == INVALID:
            return
        if mode in _NO_VALUES:
            why = "cannot assign %s to %s in %s"
            self.errorf(x, "IncompatibleAssign", why, x, target, context)
            x.mode = INVALID
            return
        typ = x.type
        if type(typ) is Basic and typ.info & IS_UNTYPED:
            wanted = target
            if x.is_nil():
                if target is None:
                    self.errorf(x, "UntypedNilUse", f"use of untyped nil in {context}")
                    x.mode = INVALID
                    return
            elif target is None or is_non_type_param_interface(target):
                wanted = default(typ)
            assert wanted is not None
            new, val, code = self.implicit_type_and_value(x, wanted)
            if code:
                why = self.sprintf("cannot use %s as %s value in %s", x, wanted, context)
                if code == "TruncatedFloat":
                    why += " (truncated)"
                elif code == "NumericOverflow":
                    why += " (overflows)"
                else:
                    code = "IncompatibleAssign"
                self.error(x, code, why)
                x.mode = INVALID
                return
            if val is not None:
                x.val = val
                assert x.expr is not None
                self.update_expr_val(x.expr, val)
            if new is not x.type:
                assert new is not None and x.expr is not None
                x.type = new
                self.update_expr_type(x.expr, new, False)
            typ = x.type
        elif type(typ) is Signature and typ.type_params:
            self.non_generic(new_target(target, context), x)
            if x.mode == INVALID:
                return
            typ = x.type
        if target is None or typ is target:
            return
        ok, code, cause = x.assignable_to(self, target)
        if ok:
            return
        if cause:
            why = "cannot use %s as %s value in %s: %s"
            self.errorf(x, code, why, x, target, context, cause)
        else:
            self.errorf(x, code, "cannot use %s as %s value in %s", x, target, context)
        x.mode = INVALID

    def init_const(self, lhs: Const, x: Operand) -> None:
        if x.mode == INVALID or not is_valid(x.type) or lhs.type is INVALID_TYPE:
            if lhs.type is None:
                lhs.type = INVALID_TYPE
            return
        if x.mode != CONSTANT:
            self.errorf(x, "InvalidConstInit", "%s is not constant", x)
            if lhs.type is None:
                lhs.type = INVALID_TYPE
            return
        if lhs.type is None:
            lhs.type = x.type
        self.assignment(x, lhs.type, "constant declaration")
        if x.mode == INVALID:
            return
        lhs.val = x.val

    def init_var(self, lhs: Var, x: Operand, context: str) -> None:
        typ = lhs.type
        if x.mode == INVALID or not is_valid(x.type) or (typ is not None and not is_valid(typ)):
            if typ is None:
                lhs.type = INVALID_TYPE
            x.mode = INVALID
            return
        if typ is None:
            typ = x.type
            if is_untyped(typ):
                if typ is TYP[UNTYPED_NIL]:
                    self.errorf(x, "UntypedNilUse", f"use of untyped nil in {context}")
                    lhs.type = INVALID_TYPE
                    x.mode = INVALID
                    return
                typ = default(typ)
            lhs.type = typ
        self.assignment(x, typ, context)

    def lhs_var(self, lhs: Expr) -> Type | None:
        """Check a left side: its type, None for ``_``, invalid after an error."""
        ident = unparen(lhs)
        v: Var | None = None
        used = False
        if isinstance(ident, Ident):
            if ident.name == "_":
                self.record_def(ident, None)
                return None
            # Being assigned to is no use.
            obj = self.lookup(ident.name)
            if type(obj) is Var and obj.pkg is self.pkg:
                v = obj
                used = obj.used
        x = Operand()
        self.expr(None, x, lhs)
        if v is not None:
            v.used = used
        mode = x.mode
        if mode == INVALID or not is_valid(x.type):
            return INVALID_TYPE
        if mode in (VARIABLE, MAPINDEX):
            found: Type = x.type
            return found
        if isinstance(x.expr, SelectorExpr):
            op = Operand()
            self.expr(None, op, x.expr.x)
            if op.mode == MAPINDEX:
                why = "cannot assign to struct field %s in map"
                self.errorf(x, "UnaddressableFieldAssign", why, x.expr)
                return INVALID_TYPE
        why = "cannot assign to %s (neither addressable nor a map index expression)"
        self.errorf(x, "UnassignableOperand", why, x.expr)
        return INVALID_TYPE

    def assign_var(self, lhs: Expr, rhs: Expr | None, x: Operand | None, context: str) -> None:
        """Check ``lhs = rhs``, or ``lhs = x`` for an operand."""
        typ = self.lhs_var(lhs)
        if typ is not None and not is_valid(typ):
            if x is not None:
                x.mode = INVALID
            else:
                assert rhs is not None
                self.use(rhs)
            return
        if x is None:
            target: Any = None
            if typ is not None and type(typ.underlying()) is Signature:
                target = new_target(typ, self.text(lhs))
            assert rhs is not None
            x = Operand()
            self.expr(target, x, rhs)
        if typ is None and context == "assignment":
            context = "assignment to _ identifier"
        self.assignment(x, typ, context)

    def types_summary(self, types: Sequence[Type], variadic: bool, has_dots: bool) -> str:
        """Spell the types of parameters, arguments or results for errors."""
        shown = []
        for i, t in enumerate(types):
            if not is_valid(t):
                text = "unknown type"
            elif is_untyped(t):
                # "have number" promises no type.
                text = "number" if is_numeric(t) else str(t).replace("untyped ", "")
            else:
                text = self.text(t)
            if i == len(types) - 1:
                if variadic:
                    if isinstance(t, Slice):
                        text = self.text(t.elem)
                    text = "..." + text
                elif has_dots:
                    text += "..."
            shown.append(text)
        return f"({', '.join(shown)})"

    def _assign_error(self, rhs: list[Expr], left: int, right: int) -> None:
        variables = measure(left, "variable")
        values = measure(right, "value")
        first = rhs[0]
        if len(rhs) == 1:
            call = unparen(first)
            if isinstance(call, CallExpr):
                why = f"assignment mismatch: {variables} but %s returns {values}"
                self.errorf(first, "WrongAssignCount", why, call.fun)
                return
        why = f"assignment mismatch: {variables} but {values}"
        self.error(first, "WrongAssignCount", why)

    def _return_error(self, at: Any, lhs: list[Var], rhs: list[Operand]) -> None:
        left, right = len(lhs), len(rhs)
        qualifier = "not enough"
        if right > left:
            at = rhs[left]
            qualifier = "too many"
        elif right > 0:
            at = rhs[right - 1]
        err = self.new_error("WrongResultCount")
        err.addf(at, f"{qualifier} return values")
        have = self.types_summary([x.type for x in rhs], False, False)
        want = self.types_summary([v.type for v in lhs], False, False)
        err.addf(NO_POS, "%s", f"have {have}")
        err.addf(NO_POS, "%s", f"want {want}")
        err.report()

    def init_vars(self, lhs: list[Var], rhs: list[Expr], return_: ReturnStmt | None) -> None:
        left, right = len(lhs), len(rhs)
        context = "assignment"
        if return_ is not None:
            context = "return statement"
        elif left > 1:
            context = "multiple assignment"
        # One call for one variable goes the other way for its better error.
        is_call = right == 1 and type(unparen(rhs[0])) is CallExpr
        if left == right and not is_call:
            for v, e in zip(lhs, rhs, strict=True):
                x = Operand()
                target: Any = None
                if v.type is not None and type(v.type) is not Basic:
                    desc = v.name
                    if return_ is not None and desc == "":
                        desc = "result variable"
                    target = new_target(v.type, desc)
                self.expr(target, x, e)
                self.init_var(v, x, context)
            return
        if right != 1:
            # Only when nothing else is wrong.
            if self.use(*rhs):
                if return_ is not None:
                    self._return_error(return_, lhs, self.expr_list(rhs))
                elif rhs:
                    self._assign_error(rhs, left, right)
            for v in lhs:
                if v.type is None:
                    v.type = INVALID_TYPE
            return
        values, comma_ok = self.multi_expr(rhs[0], left == 2 and return_ is None)
        right = len(values)
        if left == right:
            for v, x in zip(lhs, values, strict=True):
                self.init_var(v, x, context)
            if comma_ok and values[0].mode != INVALID and values[1].mode != INVALID:
                self.record_comma_ok_types(rhs[0], values)
            return
        if right == 0 or values[0].mode != INVALID:
            if return_ is not None:
                self._return_error(return_, lhs, values)
            else:
                self._assign_error(rhs, left, right)
        for v in lhs:
            if v.type is None:
                v.type = INVALID_TYPE

    def assign_vars(self, lhs: list[Expr], rhs: list[Expr]) -> None:
        """Check ``lhs = rhs`` for any number of both."""
        left, right = len(lhs), len(rhs)
        context = "multiple assignment" if left > 1 else "assignment"
        is_call = right == 1 and type(unparen(rhs[0])) is CallExpr
        if left == right and not is_call:
            for to, e in zip(lhs, rhs, strict=True):
                self.assign_var(to, e, None, context)
            return
        if right != 1:
            ok_left = self.use_lhs(*lhs)
            ok_right = self.use(*rhs)
            if ok_left and ok_right:
                self._assign_error(rhs, left, right)
            return
        values, comma_ok = self.multi_expr(rhs[0], left == 2)
        right = len(values)
        if left == right:
            for to, x in zip(lhs, values, strict=True):
                self.assign_var(to, None, x, context)
            if comma_ok and values[0].mode != INVALID and values[1].mode != INVALID:
                self.record_comma_ok_types(rhs[0], values)
            return
        if right == 0 or values[0].mode != INVALID:
            self._assign_error(rhs, left, right)
        self.use_lhs(*lhs)

    def short_var_decl(self, pos: int, lhs: list[Expr], rhs: list[Expr]) -> None:
        """Check ``lhs := rhs``; `pos` is the operator's place."""
        top = len(self.delayed)
        scope = self.scope
        elems = scope.elems
        defs = self.info.defs
        seen: set[str] = set()
        variables: list[Var] = []
        new_vars: list[Var] = []
        has_error = False
        for e in lhs:
            if type(e) is not Ident:
                self.use_lhs(e)
                self.errorf(e, "BadDecl", "non-name %s on left side of :=", e)
                has_error = True
                variables.append(Var(e.pos, self.pkg, "_", None, LOCAL_VAR))
                continue
            name = e.name
            if name != "_":
                if name in seen:
                    why = f"{name} repeated on left side of :="
                    self.error(e, "RepeatedDecl", why)
                    has_error = True
                    variables.append(Var(e.pos, self.pkg, "_", None, LOCAL_VAR))
                    continue
                seen.add(name)
                alt = elems.get(name)
                if alt is not None:
                    self.info.uses[e] = alt
                    if isinstance(alt, Var):
                        variables.append(alt)
                    else:
                        self.error(e, "UnassignableOperand", f"cannot assign to {name}")
                        has_error = True
                        variables.append(Var(e.pos, self.pkg, "_", None, LOCAL_VAR))
                    continue
            obj = Var(e.name_pos, self.pkg, name, None, LOCAL_VAR)
            variables.append(obj)
            if name != "_":
                new_vars.append(obj)
            defs[e] = obj
        self.init_vars(variables, rhs, None)
        # Function literals on the right side do not see the variables.
        if len(self.delayed) > top:
            self.process_delayed(top)
        if not new_vars and not has_error:
            self.soft_errorf(pos, "NoNewVar", "no new variables on left side of :=")
            return
        for obj in new_vars:
            self.declare(scope, None, obj, pos)
        self.local_vars += new_vars
