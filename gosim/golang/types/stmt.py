"""Statements (``types2/stmt.go``).

Jumps and labels were checked when the file was parsed (`gosim.golang.branches`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from gosim.golang import ast
from gosim.golang.ast import unparen
from gosim.golang.position import NO_POS
from gosim.golang.token import ASSIGNMENTS
from gosim.golang.types.base import CONVERSION, EXPRESSION, STATEMENT
from gosim.golang.types.errors import ErrorsMixin
from gosim.golang.types.objects import LOCAL_VAR, Nil, Var
from gosim.golang.types.operand import BUILTIN, CONSTANT, INVALID, TYPEXPR, Operand
from gosim.golang.types.predicates import (
    all_boolean,
    all_numeric,
    comparable,
    has_nil,
    identical,
    is_interface,
    is_type_param,
    is_valid,
)
from gosim.golang.types.resolver import DeclInfo
from gosim.golang.types.types import BOOL, TYP, Basic, Signature, Type
from gosim.golang.types.types import INVALID as INVALID_KIND

__all__ = ["StmtMixin"]

INVALID_TYPE = TYP[INVALID_KIND]


class StmtMixin(ErrorsMixin):
    """Checks statements."""

    def func_body(
        self,
        decl: DeclInfo | None,
        name: str,
        sig: Signature,
        body: ast.BlockStmt,
        iota: int | None,
    ) -> None:
        saved = self.save_environment()
        assert sig.scope is not None
        self.decl = decl
        self.scope = sig.scope
        self.iota = iota
        self.errpos = NO_POS
        self.in_tparam_list = False
        self.sig = sig
        self.is_panic = set()
        self.has_label = False
        self.has_call_or_recv = False
        self.local_vars = []
        for s in body.list:
            self.stmt(s)
        if sig.results.vars and not self.is_terminating(body, ""):
            self.error(body.rbrace, "MissingReturn", "missing return")
        self.usage(sig.scope)
        self.restore_environment(saved)

    def stmt(self, s: ast.Stmt) -> None:
        delayed = self.delayed
        top = len(delayed)
        self._STATEMENTS[type(s)](self, s)
        # Function literals are checked at the end of the statement they stand in.
        if len(delayed) > top:
            self.process_delayed(top)

    def _nothing(self, s: ast.Stmt) -> None:
        pass

    def _decl(self, s: ast.DeclStmt) -> None:
        self.decl_stmt(s.decl)

    def _labeled(self, s: ast.LabeledStmt) -> None:
        self.has_label = True
        self.stmt(s.stmt)

    def _expr(self, s: ast.ExprStmt) -> None:
        x = Operand()
        kind = self.raw_expr(None, x, s.x, None, False)
        if x.mode == BUILTIN:
            why, code = "must be called", "UncalledBuiltin"
        elif x.mode == TYPEXPR:
            why, code = "is not an expression", "NotAnExpr"
        elif kind == STATEMENT:
            return
        else:
            why, code = "is not used", "UnusedExpr"
        self.errorf(x, code, f"%s {why}", x)

    def _send(self, s: ast.SendStmt) -> None:
        ch, val = Operand(), Operand()
        self.expr(None, ch, s.chan)
        self.generic_expr(val, s.value, None)
        if ch.mode == INVALID or val.mode == INVALID:
            return
        elem = self.chan_elem(s, ch, False)
        if elem is not None:
            self.assignment(val, elem, "send")

    def _inc_dec(self, s: ast.IncDecStmt) -> None:
        x = Operand()
        self.expr(None, x, s.x)
        if x.mode == INVALID:
            return
        if not all_numeric(x.type):
            why = f"invalid operation: %s{s.tok} (non-numeric type %s)"
            self.errorf(s.x, "NonNumericIncDec", why, s.x, x.type)
            return
        self.assign_var(s.x, None, x, "assignment")

    def _assign(self, s: ast.AssignStmt) -> None:
        tok = s.tok
        if tok == ":=":
            self.short_var_decl(s.tok_pos, s.lhs, s.rhs)
        elif tok == "=":
            self.assign_vars(s.lhs, s.rhs)
        else:
            op = ASSIGNMENTS[tok]
            if len(s.lhs) != 1 or len(s.rhs) != 1:
                why = f"assignment operation {op}= requires single-valued expressions"
                self.error(s, "MultiValAssignOp", why)
                return
            x = Operand()
            self.binary(x, None, s.lhs[0], s.rhs[0], op)
            self.assign_var(s.lhs[0], None, x, "assignment")

    def _go(self, s: ast.GoStmt) -> None:
        self._suspended_call("go", "InvalidGo", s.call)

    def _defer(self, s: ast.DeferStmt) -> None:
        self._suspended_call("defer", "InvalidDefer", s.call)

    def _suspended_call(self, keyword: str, code: str, call: ast.Expr) -> None:
        if not isinstance(call, ast.CallExpr):
            self.error(call, code, f"expression in {keyword} must be function call")
            self.use(call)
            return
        x = Operand()
        kind = self.raw_expr(None, x, call, None, False)
        if kind == STATEMENT:
            return
        if kind == CONVERSION:
            why = "requires function call, not conversion"
        else:
            assert kind == EXPRESSION
            why, code = "discards result of", "UnusedResults"
        self.errorf(x, code, f"{keyword} {why} %s", x)

    def _return(self, s: ast.ReturnStmt) -> None:
        assert self.sig is not None
        results = self.sig.results.vars
        if not s.results and results and results[0].name:
            # The results must not be hidden by others of their names.
            for obj in results:
                alt = self.lookup(obj.name)
                if alt is not None and alt is not obj:
                    err = self.new_error("OutOfScopeResult")
                    err.addf(s, "result parameter %s not in scope at return", obj.name)
                    err.addf(alt, "inner declaration of %s", obj)
                    err.report()
        else:
            self.init_vars(results, s.results, s)

    def _branch(self, s: ast.BranchStmt) -> None:
        if s.label is not None:
            self.has_label = True

    def _block(self, s: ast.BlockStmt) -> None:
        self.open_scope(s, "block")
        for each in s.list:
            self.stmt(each)
        self.close_scope()

    def _if(self, s: ast.IfStmt) -> None:
        self.open_scope(s, "if")
        if s.init is not None:
            self.stmt(s.init)
        self._condition(s.cond, "if")
        self.stmt(s.body)
        if s.else_ is not None:
            self.stmt(s.else_)
        self.close_scope()

    def _condition(self, cond: ast.Expr, keyword: str) -> None:
        x = Operand()
        self.expr(None, x, cond)
        if x.mode != INVALID and not all_boolean(x.type):
            self.error(cond, "InvalidCond", f"non-boolean condition in {keyword} statement")

    def _for(self, s: ast.ForStmt) -> None:
        self.open_scope(s, "for")
        if s.init is not None:
            self.stmt(s.init)
        if s.cond is not None:
            self._condition(s.cond, "for")
        if s.post is not None:
            self.stmt(s.post)
            if isinstance(s.post, ast.AssignStmt) and s.post.tok == ":=":
                # The parser complained already.
                self.use(*s.post.lhs)
        self.stmt(s.body)
        self.close_scope()

    def _range(self, s: ast.RangeStmt) -> None:
        self.range_stmt(s)

    # --- switch

    def _multiple_defaults(self, clauses: Sequence[ast.Stmt]) -> None:
        first: ast.Stmt | None = None
        for clause in clauses:
            if isinstance(clause, ast.CaseClause):
                default = clause.list is None
            else:
                assert isinstance(clause, ast.CommClause)
                default = clause.comm is None
            if not default:
                continue
            if first is not None:
                why = f"multiple defaults (first at {self.place(first.pos)})"
                self.error(clause, "DuplicateDefault", why)
            else:
                first = clause

    def _switch(self, s: ast.SwitchStmt) -> None:
        self.open_scope(s, "switch")
        if s.init is not None:
            self.stmt(s.init)
        x = Operand()
        if s.tag is not None:
            self.expr(None, x, s.tag)
            # As if to a temporary variable.
            self.assignment(x, None, "switch expression")
            if x.mode != INVALID and not comparable(x.type) and not has_nil(x.type):
                why = "cannot switch on %s (%s is not comparable)"
                self.errorf(x, "InvalidExprSwitch", why, x, x.type)
                x.mode = INVALID
        else:
            x.mode = CONSTANT
            x.type = TYP[BOOL]
            x.val = True
            pos = s.body.list[0].pos if s.body.list else s.body.rbrace
            x.expr = ast.Ident(pos, "true")
        self._multiple_defaults(s.body.list)
        seen: dict[Any, list[tuple[int, Type]]] = {}
        for clause in s.body.list:
            assert isinstance(clause, ast.CaseClause)
            if clause.list:
                self.case_values(x, clause.list, seen)
            self.open_scope(clause, "case")
            for each in clause.body:
                self.stmt(each)
            self.close_scope()
        self.close_scope()

    def case_values(
        self, x: Operand, values: list[ast.Expr], seen: dict[Any, list[tuple[int, Type]]]
    ) -> None:
        """Check the values of a case against the switch's; `seen` has the constants so far."""
        for e in values:
            v = Operand()
            self.expr(None, v, e)
            if x.mode == INVALID or v.mode == INVALID:
                continue
            self.convert_untyped(v, x.type)
            if v.mode == INVALID:
                continue
            # In this order, errors stand at the case.
            res = v.copy()
            self.comparison(res, x, "==", True)
            if res.mode == INVALID or v.mode != CONSTANT:
                continue
            val = v.val
            if val is None or type(val) is bool or type(v.type.underlying()) is not Basic:
                continue
            if not isinstance(val, int | str) and not hasattr(val, "numerator"):
                continue
            before = seen.setdefault(val, [])
            for pos, typ in before:
                if identical(v.type, typ):
                    err = self.new_error("DuplicateCase")
                    err.addf(v, "duplicate case %s in expression switch", v)
                    err.addf(pos, "previous case")
                    err.report()
                    break
            else:
                assert v.expr is not None
                before.append((ast.node_pos(v.expr), v.type))

    def _type_switch(self, s: ast.TypeSwitchStmt) -> None:
        self.open_scope(s, "switch")
        if s.init is not None:
            self.stmt(s.init)
        guard = s.assign
        lhs: ast.Ident | None = None
        if isinstance(guard, ast.AssignStmt):
            name = guard.lhs[0]
            assert isinstance(name, ast.Ident)
            if name.name == "_":
                why = "no new variable on left side of :="
                self.soft_errorf(name, "NoNewVar", why)
            else:
                lhs = name
                self.record_def(lhs, None)
            y = unparen(guard.rhs[0])
        else:
            assert isinstance(guard, ast.ExprStmt)
            y = unparen(guard.x)
        assert isinstance(y, ast.TypeAssertExpr)
        x = Operand()
        sx: Operand | None = None
        self.expr(None, x, y.x)
        if x.mode != INVALID:
            if is_type_param(x.type):
                why = "cannot use type switch on type parameter value %s"
                self.errorf(x, "InvalidTypeSwitch", why, x)
            elif is_interface(x.type):
                sx = x
            else:
                self.errorf(x, "InvalidTypeSwitch", "%s is not an interface", x)
        self._multiple_defaults(s.body.list)
        variables: list[Var] = []
        seen: list[tuple[Type | None, ast.Expr]] = []
        for clause in s.body.list:
            assert isinstance(clause, ast.CaseClause)
            typ = self.case_types(sx, clause.list or [], seen)
            self.open_scope(clause, "case")
            if lhs is not None:
                obj = Var(lhs.pos, self.pkg, lhs.name, typ, LOCAL_VAR)
                self.declare(self.scope, None, obj, clause.colon)
                self.record_implicit(clause, obj)
                variables.append(obj)
            for each in clause.body:
                self.stmt(each)
            self.close_scope()
        # One of the variables must be used.
        if lhs is not None and not any(v.used for v in variables):
            self.soft_errorf(lhs, "UnusedVar", "%s declared and not used", lhs.name)
        self.close_scope()

    def case_types(
        self, x: Operand | None, types: list[ast.Expr], seen: list[tuple[Type | None, ast.Expr]]
    ) -> Type:
        """Check the types of a case; return the type of its variable."""
        typ: Type | None = None
        for e in types:
            if self._is_nil(e):
                typ = None
                # Only so that it is recorded.
                self.expr(None, Operand(), e)
            else:
                typ = self.var_type(e)
                if not is_valid(typ):
                    continue
            for other, at in seen:
                if (typ is None and other is None) or (
                    typ is not None and other is not None and identical(typ, other)
                ):
                    err = self.new_error("DuplicateCase")
                    shown = "nil" if typ is None else typ
                    err.addf(e, "duplicate case %s in type switch", shown)
                    err.addf(at, "previous case")
                    err.report()
                    break
            else:
                seen.append((typ, e))
                if x is not None and typ is not None:
                    self.type_assertion(e, x, typ, True)
        if len(types) != 1 or typ is None:
            return INVALID_TYPE if x is None else x.type
        return typ

    def _is_nil(self, e: ast.Expr) -> bool:
        e = unparen(e)
        return isinstance(e, ast.Ident) and isinstance(self.lookup(e.name), Nil)

    # --- select

    def _select(self, s: ast.SelectStmt) -> None:
        self._multiple_defaults(s.body.list)
        for clause in s.body.list:
            assert isinstance(clause, ast.CommClause)
            comm = clause.comm
            valid = False
            rhs: ast.Expr | None = None
            if comm is None or isinstance(comm, ast.SendStmt):
                valid = True
            elif isinstance(comm, ast.AssignStmt):
                if len(comm.rhs) == 1:
                    rhs = comm.rhs[0]
            elif isinstance(comm, ast.ExprStmt):
                rhs = comm.x
            if rhs is not None:
                rhs = unparen(rhs)
                valid = isinstance(rhs, ast.UnaryExpr) and rhs.op == "<-"
            if not valid:
                why = "select case must be send or receive (possibly with assignment)"
                self.error(comm, "InvalidSelectCase", why)
                continue
            self.open_scope(clause, "case")
            if comm is not None:
                self.stmt(comm)
            for each in clause.body:
                self.stmt(each)
            self.close_scope()

    _STATEMENTS: ClassVar[dict[type, Callable[[Any, Any], None]]] = {
        ast.EmptyStmt: _nothing,
        ast.BadStmt: _nothing,
        ast.DeclStmt: _decl,
        ast.LabeledStmt: _labeled,
        ast.ExprStmt: _expr,
        ast.SendStmt: _send,
        ast.IncDecStmt: _inc_dec,
        ast.AssignStmt: _assign,
        ast.GoStmt: _go,
        ast.DeferStmt: _defer,
        ast.ReturnStmt: _return,
        ast.BranchStmt: _branch,
        ast.BlockStmt: _block,
        ast.IfStmt: _if,
        ast.ForStmt: _for,
        ast.RangeStmt: _range,
        ast.SwitchStmt: _switch,
        ast.TypeSwitchStmt: _type_switch,
        ast.SelectStmt: _select,
    }
