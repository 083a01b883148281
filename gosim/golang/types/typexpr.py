"""Names and type expressions (``types2/typexpr.go``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from gosim.golang import ast
from gosim.golang.types import constant
from gosim.golang.types.const import CANNOT, represent
from gosim.golang.types.errors import ErrorsMixin
from gosim.golang.types.objects import (
    Builtin,
    Const,
    Func,
    Nil,
    Object,
    PkgName,
    TypeName,
    Var,
    object_kind,
)
from gosim.golang.types.operand import (
    BUILTIN,
    CONSTANT,
    INVALID,
    NILVALUE,
    NOVALUE,
    TYPEXPR,
    VALUE,
    VARIABLE,
    Operand,
)
from gosim.golang.types.predicates import (
    comparable,
    is_generic,
    is_integer,
    is_type_param,
    is_untyped,
    is_valid,
)
from gosim.golang.types.scope import Scope
from gosim.golang.types.types import (
    INT,
    RECV_ONLY,
    SEND_ONLY,
    SEND_RECV,
    TYP,
    Alias,
    Array,
    Basic,
    Chan,
    Interface,
    Map,
    Named,
    Pointer,
    Signature,
    Slice,
    Struct,
    Type,
)
from gosim.golang.types.types import INVALID as INVALID_KIND
from gosim.golang.types.typeset import compute_interface_type_set
from gosim.golang.types.universe import (
    universe_any,
    universe_comparable,
    universe_iota,
)

__all__ = ["TypexprMixin"]

INVALID_TYPE = TYP[INVALID_KIND]
_DIRECTIONS = {ast.SEND: SEND_ONLY, ast.RECV: RECV_ONLY}


class TypexprMixin(ErrorsMixin):
    """Checks names and type expressions."""

    def ident(self, x: Operand, e: ast.Ident, want_type: bool) -> None:
        x.mode = INVALID
        x.expr = e
        name = e.name
        scope: Scope | None = self.scope
        obj: Object | None = None
        while scope is not None:
            obj = scope.elems.get(name)
            if obj is not None:
                break
            scope = scope.parent
        if obj is None:
            if name == "_":
                self.error(e, "InvalidBlank", "cannot use _ as value or type")
            else:
                self.error(e, "UndeclaredName", f"undefined: {name}")
            return
        if (obj is universe_any or obj is universe_comparable) and not self.verify_versionf(
            e, 18, "predeclared %s", name
        ):
            return
        self.info.uses[e] = obj
        cls = type(obj)
        if want_type and cls is not TypeName:
            why = f"{obj.name} ({object_kind(obj)}) is not a type"
            self.error(e, "NotAType", why)
            if isinstance(obj, Var) and obj.pkg is self.pkg:
                obj.used = True
            return
        typ = obj.type
        if typ is None or (want_type and obj.pkg is self.pkg):
            self.obj_decl(obj)
            typ = obj.type
        assert typ is not None
        if self.dot_import_map and scope is not None:
            pkg_name = self.dot_import_map.get((scope, name))
            if pkg_name is not None:
                pkg_name.used = True
        if cls is Var:
            assert isinstance(obj, Var)
            if obj.pkg is self.pkg:
                obj.used = True
            decl = self.decl
            if decl is not None and obj in self.obj_map:
                decl.deps[obj] = None
            if typ is INVALID_TYPE:
                return
            x.mode = VARIABLE
        elif cls is Func:
            self.add_decl_dep(obj)
            x.mode = VALUE
        elif cls is TypeName:
            x.mode = TYPEXPR
        elif cls is Const:
            assert isinstance(obj, Const)
            self.add_decl_dep(obj)
            if not is_valid(typ):
                return
            if obj is universe_iota:
                if self.iota is None:
                    self.error(e, "InvalidIota", "cannot use iota outside constant declaration")
                    return
                x.val = self.iota
            else:
                x.val = obj.val
            x.mode = CONSTANT
        elif cls is Builtin:
            assert isinstance(obj, Builtin)
            x.id = obj.id_
            x.mode = BUILTIN
        elif cls is Nil:
            x.mode = NILVALUE
        else:
            assert isinstance(obj, PkgName)
            self.error(e, "InvalidPkgUse", f"use of package {obj.name} not in selector")
            return
        x.type = typ

    def typ(self, e: ast.Expr) -> Type:
        return self.declared_type(e, None)

    def var_type(self, e: ast.Expr) -> Type:
        typ = self.declared_type(e, None)
        cls = type(typ)
        if cls is Named or cls is Interface or cls is Alias:
            self.valid_var_type(e, typ)
        return typ

    def valid_var_type(self, e: ast.Expr, typ: Type) -> None:
        if is_type_param(typ):
            return
        # Not now: interfaces may be incomplete.
        if type(typ) is Named and typ._under is not None:
            if type(typ._under) is not Interface:
                return
            if typ._under.tset is not None and typ._under.tset.is_method_set():
                return

        def check() -> None:
            t = typ.underlying()
            if not isinstance(t, Interface):
                return
            tset = compute_interface_type_set(self, ast.start_pos(e), t)
            if tset.is_method_set():
                return
            why = "interface contains type constraints"
            if tset.comparable:
                why = "interface is (or embeds) comparable"
            self.soft_errorf(
                e,
                "MisplacedConstraintIface",
                f"cannot use type %s outside a type constraint: {why}",
                typ,
            )

        self.later(check)

    def declared_type(self, e: ast.Expr, def_: TypeName | None) -> Type:
        typ = self.typ_internal(e, def_)
        cls = type(typ)
        if (cls is Named or cls is Alias) and is_generic(typ):
            why = "cannot use generic type %s without instantiation"
            self.errorf(e, "WrongTypeArgCount", why, typ)
            typ = INVALID_TYPE
        self.record_type_and_value(e, TYPEXPR, typ, None)
        return typ

    def generic_type(self, e: ast.Expr) -> tuple[Type, str]:
        typ = self.typ_internal(e, None)
        cause = ""
        if is_valid(typ) and not is_generic(typ):
            cause = self.sprintf("%s is not a generic type", typ)
            typ = INVALID_TYPE
        self.record_type_and_value(e, TYPEXPR, typ, None)
        return typ, cause

    def typ_internal(self, e: ast.Expr, def_: TypeName | None) -> Type:
        """Check a type expression of any kind."""
        check = self._TYPES.get(type(e))
        if check is None:
            self.errorf(e, "NotAType", "%s is not a type", e)
            self.use(e)
            return INVALID_TYPE
        return check(self, e, def_)

    def _bad_type(self, e: ast.BadExpr, def_: TypeName | None) -> Type:
        return INVALID_TYPE

    def _name_type(self, e: ast.Ident, def_: TypeName | None) -> Type:
        x = Operand()
        self.ident(x, e, True)
        return self._type_operand(x)

    def _qualified_type(self, e: ast.SelectorExpr, def_: TypeName | None) -> Type:
        x = Operand()
        self.selector(x, e, True)
        return self._type_operand(x)

    def _type_operand(self, x: Operand) -> Type:
        if x.mode == TYPEXPR:
            found: Type = x.type
            return found
        if x.mode == NOVALUE:
            self.errorf(x, "NotAType", "%s used as type", x)
        elif x.mode != INVALID:
            self.errorf(x, "NotAType", "%s is not a type", x)
        return INVALID_TYPE

    def _index_type(self, e: ast.IndexExpr, def_: TypeName | None) -> Type:
        self.verify_versionf(e, 18, "type instantiation")
        return self.instantiated_type(e.x, [e.index])

    def _index_list_type(self, e: ast.IndexListExpr, def_: TypeName | None) -> Type:
        self.verify_versionf(e, 18, "type instantiation")
        return self.instantiated_type(e.x, e.indices)

    def _paren_type(self, e: ast.ParenExpr, def_: TypeName | None) -> Type:
        return self.declared_type(e.x, def_)

    def _array_type(self, e: ast.ArrayType, def_: TypeName | None) -> Type:
        if e.len is None:
            slice_ = Slice(INVALID_TYPE)
            slice_.elem = self.var_type(e.elt)
            return slice_
        if isinstance(e.len, ast.Ellipsis):
            why = "invalid use of [...] array (outside a composite literal)"
            self.error(e, "BadDotDotDotSyntax", why)
            self.var_type(e.elt)
            return INVALID_TYPE
        length = self.array_length(e.len)
        elem = self.var_type(e.elt)
        return Array(length, elem) if length >= 0 else INVALID_TYPE

    def _ellipsis_type(self, e: ast.Ellipsis, def_: TypeName | None) -> Type:
        self.error(e, "InvalidSyntaxTree", "invalid use of ...")
        return INVALID_TYPE

    def _struct_type(self, e: ast.StructType, def_: TypeName | None) -> Type:
        typ = Struct()
        self.struct_type(typ, e)
        return typ

    def _pointer_type(self, e: ast.StarExpr, def_: TypeName | None) -> Type:
        typ = Pointer(INVALID_TYPE)
        typ.base = self.var_type(e.x)
        # A pointer to nothing known is of no use.
        return typ if is_valid(typ.base) else INVALID_TYPE

    def _func_type(self, e: ast.FuncType, def_: TypeName | None) -> Type:
        typ = Signature()
        self.func_type(typ, None, None, e)
        return typ

    def _interface_type(self, e: ast.InterfaceType, def_: TypeName | None) -> Type:
        typ = self.new_interface()
        self.interface_type(typ, e, def_)
        return typ

    def _map_type(self, e: ast.MapType, def_: TypeName | None) -> Type:
        typ = Map(INVALID_TYPE, INVALID_TYPE)
        typ.key = key = self.var_type(e.key)
        typ.elem = self.var_type(e.value)
        if type(key) is Basic:
            return typ

        # Types must be complete to be compared.
        def check() -> None:
            if not comparable(key):
                why = " (missing comparable constraint)" if is_type_param(key) else ""
                text = f"invalid map key type %s{why}"
                self.errorf(e.key, "IncomparableMapKey", text, key)

        self.later(check)
        return typ

    def _chan_type(self, e: ast.ChanType, def_: TypeName | None) -> Type:
        typ = Chan(_DIRECTIONS.get(e.dir, SEND_RECV), INVALID_TYPE)
        typ.elem = self.var_type(e.value)
        return typ

    _TYPES: ClassVar[dict[type, Callable[[Any, Any, TypeName | None], Type]]] = {
        ast.BadExpr: _bad_type,
        ast.Ident: _name_type,
        ast.SelectorExpr: _qualified_type,
        ast.IndexExpr: _index_type,
        ast.IndexListExpr: _index_list_type,
        ast.ParenExpr: _paren_type,
        ast.ArrayType: _array_type,
        ast.Ellipsis: _ellipsis_type,
        ast.StructType: _struct_type,
        ast.StarExpr: _pointer_type,
        ast.FuncType: _func_type,
        ast.InterfaceType: _interface_type,
        ast.MapType: _map_type,
        ast.ChanType: _chan_type,
    }

    def instantiated_type(self, x: ast.Expr, xlist: list[ast.Expr]) -> Type:
        """Check ``x[xlist]``."""
        gtyp, cause = self.generic_type(x)
        if cause:
            why = "invalid operation: %s%s (%s)"
            self.errorf(x, "NotAGenericType", why, x, xlist, cause)
        if not is_valid(gtyp):
            return gtyp
        assert isinstance(gtyp, Named | Alias)
        targs = self.type_list(xlist)
        if targs is None:
            return INVALID_TYPE
        pos = ast.node_pos(x)
        inst = self.instance(pos, gtyp, targs, None, self.context())
        if not isinstance(inst, Named | Alias):
            return INVALID_TYPE
        known = targs

        # Lists of type parameters may not be there yet.
        def check() -> None:
            self.record_instance(x, known, inst)
            tparams = gtyp.type_params
            name = inst.obj.name
            if not self.validate_targ_len(pos, name, len(tparams), len(known)):
                return
            i, why = self.verify(pos, tparams, known, self.context())
            if why:
                at: Any = xlist[i] if i < len(xlist) else pos
                self.soft_errorf(at, "InvalidTypeArg", "%s", why)
            else:
                self.mono.record_instance(self.pkg, pos, tparams, known, xlist)

        self.later(check)
        return inst

    def array_length(self, e: ast.Expr) -> int:
        if isinstance(e, ast.Ident):
            obj = self.lookup(e.name)
            if obj is None:
                why = f"undefined array length {e.name} or missing type constraint"
                self.error(e, "InvalidArrayLen", why)
                return -1
            if not isinstance(obj, Const):
                self.error(e, "InvalidArrayLen", f"invalid array length {e.name}")
                return -1
        x = Operand()
        self.expr(None, x, e)
        if x.mode != CONSTANT:
            if x.mode != INVALID:
                self.errorf(x, "InvalidArrayLen", "array length %s must be constant", x)
            return -1
        if is_untyped(x.type) or is_integer(x.type):
            val = constant.to_int(x.val)
            if type(val) is int and represent(val, TYP[INT]) is not CANNOT and val >= 0:
                return val
        if is_integer(x.type):
            self.errorf(x, "InvalidArrayLen", "invalid array length %s", x)
        else:
            self.errorf(x, "InvalidArrayLen", "array length %s must be integer", x)
        return -1

    def type_list(self, xs: list[ast.Expr]) -> list[Type] | None:
        found = [self.var_type(x) for x in xs]
        return found if all(is_valid(t) for t in found) else None
