"""Signatures: receivers, parameters, results (``types2/signature.go``)."""

from __future__ import annotations

from typing import Any

from gosim.golang.ast import (
    Ellipsis,
    Expr,
    Field,
    FieldList,
    FuncType,
    Ident,
    ParenExpr,
    StarExpr,
    node_pos,
)
from gosim.golang.types.errors import ErrorsMixin
from gosim.golang.types.objects import PARAM_VAR, RECV_VAR, RESULT_VAR, Var
from gosim.golang.types.operand import TYPEXPR
from gosim.golang.types.predicates import is_valid
from gosim.golang.types.scope import Scope
from gosim.golang.types.types import (
    INVALID,
    TYP,
    UNSAFE_POINTER,
    Alias,
    Basic,
    Interface,
    Named,
    Pointer,
    Signature,
    Slice,
    Tuple,
    Type,
    TypeParam,
    bind_type_params,
    unalias,
)

__all__ = ["SignatureMixin", "measure"]

INVALID_TYPE = TYP[INVALID]


def measure(n: int, unit: str) -> str:
    """Return ``"1 unit"`` or ``"n units"``."""
    return f"{n} {unit}" if n == 1 else f"{n} {unit}s"


def _unpointer(t: Any) -> Any:
    while type(t) is Pointer:
        t = t.base
    return t


class SignatureMixin(ErrorsMixin):
    """Checks signatures."""

    def func_type(
        self,
        sig: Signature,
        recv: FieldList | None,
        tparams: FieldList | None,
        ftyp: FuncType,
    ) -> None:
        scope = Scope(self.scope, ftyp.pos, 0, "function")
        scope.is_func = True
        self.info.scopes[ftyp] = scope
        sig.scope = scope
        outer = self.scope
        self.scope = scope
        receiver: Var | None = None
        rparams: list[TypeParam] = []
        rfield: Field | None = None
        if recv is not None and recv.list:
            rfield = recv.list[0]
            receiver, rparams = self.collect_recv(rfield, ftyp.pos)
        if tparams is not None and tparams.list:

            def bind(found: list[TypeParam]) -> None:
                sig.type_params = bind_type_params(found)

            self.collect_type_params(tparams, bind)
        pnames, params, variadic = self.collect_params(PARAM_VAR, ftyp.params)
        rnames, results, _ = self.collect_params(RESULT_VAR, ftyp.results)
        pos = ftyp.params.closing
        if receiver is not None and receiver.name and rfield is not None:
            self.declare(scope, rfield.names[0], receiver, pos)
        for name, var in zip(pnames, params, strict=True):
            if name is not None:
                self.declare(scope, name, var, pos)
        for name, var in zip(rnames, results, strict=True):
            if name is not None:
                self.declare(scope, name, var, pos)
        sig.recv = receiver
        sig.recv_type_params = rparams
        sig.params = Tuple(params)
        sig.results = Tuple(results)
        sig.variadic = variadic
        self.scope = outer

    def collect_recv(self, rparam: Field, scope_pos: int) -> tuple[Var, list[TypeParam]]:
        """Check a receiver and declare its type parameters."""
        rptr, rbase, names = self.unpack_recv(rparam.type, True)
        recv_type: Type = INVALID_TYPE
        tparams: list[TypeParam] = []
        if names is None:
            recv_type = self.var_type(rparam.type)
            # Methods of an instance cannot be declared, not even by way of aliases.
            a = _unpointer(recv_type)
            while type(a) is Alias:
                base = _unpointer(a.from_rhs)
                if isinstance(base, Named | Alias) and base.type_params:
                    why = "cannot define new methods on instantiated type %s"
                    self.errorf(rbase, "InvalidRecv", why, base)
                    recv_type = INVALID_TYPE
                    break
                a = base
        else:
            # The base type is looked up before the parameters, which may have its name.
            base_type: Named | None = None
            t, cause = self.generic_type(rbase)
            if is_valid(t):
                if isinstance(t, Named):
                    base_type = t
                else:
                    why = "cannot define new methods on generic alias type %s"
                    self.errorf(rbase, "InvalidRecv", why, t)
            elif cause:
                self.errorf(rbase, "InvalidRecv", "%s", cause)
            for name in names:
                tparam = self.declare_type_param(name, scope_pos)
                tparams.append(tparam)
                self.record_use(name, tparam.obj)
                self.record_type_and_value(name, TYPEXPR, tparam, None)
            bind_type_params(tparams)
            if base_type is not None:
                recv_type = self._instantiate_recv(rparam, rbase, base_type, tparams, rptr)
        if rparam.names and rparam.names[0].name:
            recv = Var(rparam.names[0].pos, self.pkg, rparam.names[0].name, recv_type, RECV_VAR)
        else:
            recv = Var(rparam.pos, self.pkg, "", recv_type, RECV_VAR)
            self.record_implicit(rparam, recv)
        self.later(lambda: self.valid_recv(rbase, recv))
        return recv, tparams

    def _instantiate_recv(
        self, rparam: Field, rbase: Expr, base: Named, tparams: list[TypeParam], rptr: bool
    ) -> Type:
        declared = base.type_params
        if len(tparams) == len(declared):
            smap: dict[TypeParam, Type] = dict(zip(declared, tparams, strict=True))
            for tparam, of_base in zip(tparams, declared, strict=True):
                self.mono.record_canon(tparam, of_base)
                pos = tparam.obj.pos
                tparam.bound = self.subst(pos, of_base.bound, smap, None, self.context())
        else:
            got = measure(len(tparams), "type parameter")
            why = f"receiver declares {got}, but receiver base type declares {len(declared)}"
            self.error(rbase, "BadRecv", why)
        self.verify_versionf(rbase, 18, "type instantiation")
        typ = self.instance(node_pos(rparam.type), base, list(tparams), None, self.context())
        self.record_instance(rbase, tparams, typ)
        if rptr and is_valid(typ):
            typ = Pointer(typ)
        self._record_recv_types(rparam.type, typ)
        return typ

    def _record_recv_types(self, expr: Expr, typ: Type) -> None:
        """Record the types of ``(*(T[P]))`` and its parts."""
        while True:
            self.record_type_and_value(expr, TYPEXPR, typ, None)
            if isinstance(expr, ParenExpr):
                expr = expr.x
            elif isinstance(expr, StarExpr) and isinstance(typ, Pointer):
                expr = expr.x
                typ = typ.base
            else:
                return

    def collect_params(
        self, kind: int, fields: FieldList | None
    ) -> tuple[list[Ident | None], list[Var], bool]:
        """Check parameters or results: (names, variables, variadic)."""
        names: list[Ident | None] = []
        params: list[Var] = []
        if fields is None:
            return names, params, False
        variadic = False
        pkg = self.pkg
        last = len(fields.list) - 1
        for i, field in enumerate(fields.list):
            ftype = field.type
            if isinstance(ftype, Ellipsis):
                if kind == PARAM_VAR and i == last and len(field.names) <= 1:
                    variadic = True
                else:
                    self.error(ftype, "InvalidSyntaxTree", "invalid use of ...")
                if ftype.elt is None:
                    typ: Type = INVALID_TYPE
                else:
                    typ = self.var_type(ftype.elt)
            else:
                typ = self.var_type(ftype)
            if field.names:
                for name in field.names:
                    names.append(name)
                    params.append(Var(name.name_pos, pkg, name.name, typ, kind))
            else:
                var = Var(field.pos, pkg, "", typ, kind)
                self.info.implicits[field] = var
                names.append(None)
                params.append(var)
        if variadic:
            params[-1].type = Slice(params[-1].type)
            self.record_type_and_value(fields.list[-1].type, TYPEXPR, params[-1].type, None)
        return names, params, variadic

    def valid_recv(self, pos: Expr, recv: Var) -> None:
        """Report receivers of a type that cannot have methods."""
        rtyp = unalias(recv.type)
        rtyp = rtyp.base if isinstance(rtyp, Pointer) else recv.type
        t = unalias(rtyp)
        if not is_valid(t):
            return
        if isinstance(t, Named):
            if t.obj.pkg is not self.pkg:
                why = "cannot define new methods on non-local type %s"
                self.errorf(pos, "InvalidRecv", why, rtyp)
                return
            u = t.underlying()
            cause = ""
            if isinstance(u, Basic):
                if u.kind == UNSAFE_POINTER:
                    cause = "unsafe.Pointer"
            elif isinstance(u, Pointer | Interface):
                cause = "pointer or interface type"
            if cause:
                self.errorf(pos, "InvalidRecv", f"invalid receiver type %s ({cause})", rtyp)
        elif isinstance(t, Basic):
            why = "cannot define new methods on non-local type %s"
            self.errorf(pos, "InvalidRecv", why, rtyp)
        else:
            self.errorf(pos, "InvalidRecv", "invalid receiver type %s", recv.type)
