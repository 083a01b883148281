"""Selector expressions ``x.sel`` (the second half of ``types2/call.go``)."""

from __future__ import annotations

from typing import Any

from gosim.golang import ast
from gosim.golang.ast import node_pos
from gosim.golang.types.base import Base
from gosim.golang.types.errsupport import lookup_error
from gosim.golang.types.lookup import (
    interface_ptr_error,
    is_interface_ptr,
    lookup_field_or_method,
)
from gosim.golang.types.objects import (
    Builtin,
    Const,
    Func,
    PkgName,
    TypeName,
    Var,
    new_param,
)
from gosim.golang.types.operand import (
    BUILTIN,
    CONSTANT,
    INVALID,
    TYPEXPR,
    VALUE,
    VARIABLE,
    Operand,
)
from gosim.golang.types.predicates import is_valid
from gosim.golang.types.types import INVALID as INVALID_KIND
from gosim.golang.types.types import TYP, Pointer, Signature, Tuple

__all__ = ["SelectorMixin"]


class SelectorMixin(Base):
    """The checker's methods for selectors."""

    def selector(self, x: Operand, e: ast.SelectorExpr, want_type: bool) -> None:
        """Check ``x.sel``: a name of a package, field, method value or method expression."""
        sel = e.sel.name
        ex = e.x
        if type(ex) is ast.Ident:
            pkg_name = self.lookup(ex.name)
            if type(pkg_name) is PkgName:
                self._qualified(x, e, ex, pkg_name)
                return
        self.expr_or_type(x, ex, False)
        mode = x.mode
        if mode == BUILTIN:
            self.errorf(
                node_pos(e), "UncalledBuiltin", "invalid use of %s in selector expression", x
            )
            self._failed(x, e)
            return
        if mode == INVALID:
            self._failed(x, e)
            return
        typ = x.type
        if not self.is_complete(typ):
            self._failed(x, e)
            return
        if want_type:
            self.errorf(e.sel, "NotAType", "%s is not a type", e)
            self._failed(x, e)
            return
        under = typ.underlying()
        if type(under) is Pointer and not self.is_complete(under.base):
            self._failed(x, e)
            return
        obj, index, indirect = lookup_field_or_method(typ, mode == VARIABLE, self.pkg, sel, False)
        if obj is None:
            self._not_found(x, e, index, indirect)
            self._failed(x, e)
            return
        assert index is not None
        if type(obj) is Var:
            if mode == TYPEXPR:
                self.errorf(
                    ex,
                    "MissingFieldOrMethod",
                    "operand for field selector %s must be value of type %s",
                    sel,
                    typ,
                )
                self._failed(x, e)
                return
            self.record_selection(e, "field", typ, obj, index, indirect)
            x.mode = VARIABLE if mode == VARIABLE or indirect else VALUE
            x.type = obj.type
            x.expr = e
            return
        assert type(obj) is Func
        self.obj_decl(obj)
        self.add_decl_dep(obj)
        sig = obj.type
        if mode == TYPEXPR:
            self.record_selection(e, "methodexpr", typ, obj, index, indirect)
            if sig.recv is None:
                self.error(e, "InvalidDeclCycle", "illegal cycle in method declaration")
                self._failed(x, e)
                return
            # The receiver is the first parameter.
            params = sig.params.vars
            name = ""
            if params and params[0].name:
                name = sig.recv.name or "_"
            recv = new_param(sig.recv.pos, sig.recv.pkg, name, typ)
            found = Signature(
                None, Tuple([recv, *params]), sig.results, sig.variadic, sig.type_params
            )
        else:
            self.record_selection(e, "method", typ, obj, index, indirect)
            found = Signature(None, sig.params, sig.results, sig.variadic, sig.type_params)
            found.recv_old = sig.recv
            found.scope = sig.scope
        x.mode = VALUE
        x.type = found
        x.expr = e

    def _failed(self, x: Operand, e: ast.SelectorExpr) -> None:
        x.mode = INVALID
        x.type = TYP[INVALID_KIND]
        x.expr = e

    def _qualified(self, x: Operand, e: ast.SelectorExpr, id: ast.Ident, pkg_name: PkgName) -> None:
        """Check ``package.Name``."""
        self.record_use(id, pkg_name)
        pkg_name.used = True
        pkg = pkg_name.imported
        sel = e.sel.name
        exp: Any = pkg.scope.lookup(sel)
        if exp is None:
            if not pkg.fake:
                others = pkg.scope.lookup_ignoring_case(sel, True)
                if sel in pkg.absent or "*" in pkg.absent:
                    told = "%s is not simulated; see `gosim docs supported`"
                    self.errorf(e.sel, "UndeclaredImportedName", told, e)
                elif others:
                    self.errorf(
                        e.sel,
                        "UndeclaredImportedName",
                        "undefined: %s (but have %s)",
                        e,
                        others[0].name,
                    )
                else:
                    self.errorf(e.sel, "UndeclaredImportedName", "undefined: %s", e)
            self._failed(x, e)
            return
        if not exp.exported:
            self.errorf(
                e.sel, "UnexportedName", "name %s not exported by package %s", sel, pkg.name
            )
        self.record_use(e.sel, exp)
        x.type = exp.type
        cls = type(exp)
        if cls is Func:
            x.mode = VALUE
        elif cls is TypeName:
            x.mode = TYPEXPR
        elif cls is Var:
            x.mode = VARIABLE
        elif cls is Const:
            x.mode = CONSTANT
            x.val = exp.val
        else:
            assert cls is Builtin
            x.mode = BUILTIN
            x.id = exp.id_
        x.expr = e

    def _not_found(
        self, x: Operand, e: ast.SelectorExpr, index: list[int] | None, indirect: bool
    ) -> None:
        """Say why ``x.sel`` denotes nothing."""
        typ = x.type
        sel = e.sel.name
        if not is_valid(typ.underlying()):
            return
        if index:
            self.errorf(e.sel, "AmbiguousSelector", "ambiguous selector %s.%s", x.expr, sel)
            return
        if indirect:
            if x.mode == TYPEXPR:
                self.errorf(
                    e.sel,
                    "InvalidMethodExpr",
                    "invalid method expression %s.%s (needs pointer receiver (*%s).%s)",
                    typ,
                    sel,
                    typ,
                    sel,
                )
            else:
                self.errorf(
                    e.sel,
                    "InvalidMethodExpr",
                    "cannot call pointer method %s on %s",
                    sel,
                    typ,
                )
            return
        if is_interface_ptr(typ):
            why = interface_ptr_error(self, typ)
        else:
            alt, _, _ = lookup_field_or_method(typ, x.mode == VARIABLE, self.pkg, sel, True)
            why = lookup_error(self, typ, sel, alt, False)
        self.errorf(e.sel, "MissingFieldOrMethod", "%s.%s undefined (%s)", x.expr, sel, why)
