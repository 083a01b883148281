"""Declarations (``types2/decl.go``).

A declared object is white (no type, not on the path), grey (on the path of declarations under way)
or black (type known). Coming upon a grey object is a cycle; `DeclMixin.valid_cycle` says which ones
Go allows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gosim.golang.ast import (
    BinaryExpr,
    Expr,
    Field,
    FieldList,
    GenDecl,
    Ident,
    InterfaceType,
    Node,
    TypeSpec,
    UnaryExpr,
    ValueSpec,
)
from gosim.golang.position import NO_POS
from gosim.golang.types.errors import ErrorsMixin
from gosim.golang.types.expr import new_target
from gosim.golang.types.objects import (
    LOCAL_VAR,
    Const,
    Func,
    Object,
    ObjSet,
    TypeName,
    Var,
)
from gosim.golang.types.operand import Operand
from gosim.golang.types.predicates import is_const_type, is_generic, is_type_param, is_valid
from gosim.golang.types.resolver import DeclInfo, const_groups
from gosim.golang.types.scope import Scope
from gosim.golang.types.types import (
    INVALID,
    TYP,
    Alias,
    Interface,
    Named,
    Signature,
    Struct,
    Type,
    TypeParam,
    as_named,
    unalias,
)
from gosim.golang.types.typestring import type_string

__all__ = ["DeclMixin"]

INVALID_TYPE = TYP[INVALID]


class DeclMixin(ErrorsMixin):
    """Checks declarations at package level and in functions."""

    def declare(self, scope: Scope, id: Ident | None, obj: Object, pos: int) -> None:
        if obj.name != "_":
            alt = scope.insert(obj)
            if alt is not None:
                err = self.new_error("DuplicateDecl")
                err.addf(obj, "%s redeclared in this block", obj.name)
                err.add_alt_decl(alt)
                err.report()
                return
            obj.scope_pos = pos
        if id is not None:
            self.info.defs[id] = obj

    def open_scope(self, node: Node, comment: str) -> None:
        scope = Scope(self.scope, node.pos, 0, comment)
        self.info.scopes[node] = scope
        self.scope = scope

    def close_scope(self) -> None:
        parent = self.scope.parent
        assert parent is not None
        self.scope = parent

    def obj_decl(self, obj: Object) -> None:
        if obj in self.obj_path_idx:
            # Grey. Initialization cycles of constants and variables are reported later.
            if isinstance(obj, Const | Var):
                if not self.valid_cycle(obj) or obj.type is None:
                    obj.type = INVALID_TYPE
            elif isinstance(obj, TypeName):
                if not self.valid_cycle(obj):
                    obj.type = INVALID_TYPE
            else:
                assert isinstance(obj, Func)
                # A function keeps its empty signature.
                self.valid_cycle(obj)
            return
        if obj.type is not None:
            return
        self.push(obj)
        d = self.obj_map[obj]
        saved = self.save_environment()
        self.decl = None
        self.scope = d.file
        self.version = d.version
        self.iota = None
        self.errpos = NO_POS
        self.in_tparam_list = False
        self.sig = None
        self.is_panic = set()
        self.has_label = False
        self.has_call_or_recv = False
        self.local_vars = []
        try:
            if isinstance(obj, Const):
                self.decl = d
                self.const_decl(obj, d.vtyp, d.init, d.inherited)
            elif isinstance(obj, Var):
                self.decl = d
                self.var_decl(obj, d.lhs, d.vtyp, d.init)
            elif isinstance(obj, TypeName):
                assert d.tdecl is not None
                self.type_decl(obj, d.tdecl)
                self.collect_methods(obj)
            else:
                assert isinstance(obj, Func)
                self.func_decl(obj, d)
        finally:
            self.restore_environment(saved)
            self.pop()

    def valid_cycle(self, obj: Object) -> bool:
        """Say whether Go allows the cycle that `obj` closes; report it otherwise."""
        cycle = self.obj_path[self.obj_path_idx[obj] :]
        values = definitions = 0
        for each in cycle:
            if isinstance(each, Const | Var):
                values += 1
            elif isinstance(each, TypeName):
                if self.in_tparam_list and is_generic(each.type):
                    # Cycles through lists of type parameters are fine.
                    return True
                if not each.is_alias():
                    definitions += 1
        # Those of values only are found when the order of initialization is.
        if values == len(cycle):
            return True
        if values == 0 and definitions > 0:
            return True
        self.cycle_error(cycle, self.first_in_src(cycle))
        return False

    def cycle_error(self, cycle: list[Object], start: int) -> None:
        def name(obj: Object) -> str:
            named = as_named(obj.type)
            if named is not None and named.type_args:
                return type_string(named, self.qualifier)
            prefix = ""
            if obj.pkg is not None:
                prefix = self.qualifier(obj.pkg)
            return f"{prefix}.{obj.name}" if prefix else obj.name

        obj = cycle[start]
        is_type = isinstance(obj, TypeName)
        if is_type and isinstance(obj.type, Alias):
            obj.type.from_rhs = INVALID_TYPE
            obj.type.actual = None
        if len(cycle) == 1:
            what = "recursive type: %s" if is_type else "cycle in declaration: %s"
            self.errorf(obj, "InvalidDeclCycle", f"invalid {what} refers to itself", name(obj))
            return
        err = self.new_error("InvalidDeclCycle")
        what = "recursive type %s" if is_type else "cycle in declaration of %s"
        err.addf(obj, f"invalid {what}", name(obj))
        for i in range(len(cycle)):
            following = cycle[(start + i + 1) % len(cycle)]
            err.addf(obj, "%s refers to %s", name(obj), name(following))
            obj = following
        err.report()

    def first_in_src(self, path: list[Object]) -> int:
        """Return the index of the object that is declared first."""
        return min(range(len(path)), key=lambda i: path[i].pos)

    def is_complete(self, t: Type) -> bool:
        while isinstance(t, Alias | Named):
            if type(t) is Named and t._under is not None:
                return True
            at = self.obj_path_idx.get(t.obj)
            if at is not None:
                cycle = self.obj_path[at:]
                self.cycle_error(cycle, self.first_in_src(cycle))
                return False
            if type(t) is Named:
                t.unpack()
            rhs = t.from_rhs
            if rhs is None:
                return True
            t = rhs
        return True

    # --- constants and variables

    def const_decl(self, obj: Const, typ: Expr | None, init: Expr | None, inherited: bool) -> None:
        """Check the declaration of one constant, whose `val` is its iota until then."""
        iota, errpos = self.iota, self.errpos
        self.iota = obj.val  # type: ignore[assignment]
        self.errpos = NO_POS
        obj.val = None
        try:
            if typ is not None:
                t = self.typ(typ)
                if not is_const_type(t):
                    if is_valid(t.underlying()):
                        self.errorf(typ, "InvalidConstType", "invalid constant type %s", t)
                    obj.type = INVALID_TYPE
                    return
                obj.type = t
            x = Operand()
            if init is not None:
                if inherited:
                    self.errpos = obj.pos
                self.expr(None, x, init)
            self.init_const(obj, x)
        finally:
            self.iota, self.errpos = iota, errpos

    def var_decl(
        self, obj: Var, lhs: list[Var] | None, typ: Expr | None, init: Expr | None
    ) -> None:
        """Check the declaration of one variable, or of all of `lhs` with one initializer."""
        if typ is not None:
            obj.type = self.var_type(typ)
        if init is None:
            if typ is None:
                obj.type = INVALID_TYPE
            return
        if lhs is None or len(lhs) == 1:
            x = Operand()
            self.expr(new_target(obj.type, obj.name), x, init)
            self.init_var(obj, x, "variable declaration")
            return
        if typ is not None:
            for each in lhs:
                each.type = obj.type
        self.init_vars(lhs, [init], None)

    # --- types

    def type_decl(self, obj: TypeName, tdecl: TypeSpec) -> None:
        """Check the declaration of a type or alias."""
        version_error = False
        rhs: Any = None
        name_of = tdecl.name

        def check_later() -> None:
            t = as_named(obj.type)
            if t is not None:
                self.valid_type(t)
            if not version_error and rhs is not None and self.is_imported_constraint(rhs):
                self.verify_versionf(tdecl.type, 18, "using type constraint %s", rhs)

        self.later(check_later)
        params = tdecl.type_params
        first = params.list[0] if params is not None and params.list else None
        if tdecl.assign:
            if first is not None and not self.verify_versionf(first, 23, "generic type alias"):
                version_error = True
            if not version_error and not self.verify_versionf(name_of, 9, "type alias"):
                version_error = True
            alias = self.new_alias(obj, None)
            scope = self.scope
            try:
                if params is not None and first is not None:
                    self.open_scope(tdecl, "type parameters")
                    self.collect_type_params(params, alias.set_type_params)
                rhs = self.declared_type(tdecl.type, obj)
                alias.from_rhs = rhs
                if isinstance(rhs, TypeParam) and rhs in alias.type_params:
                    why = "cannot use type parameter declared in alias declaration as RHS"
                    self.error(tdecl.type, "MisplacedTypeParam", why)
                    alias.from_rhs = INVALID_TYPE
            finally:
                self.scope = scope
                if alias.from_rhs is None:
                    alias.from_rhs = INVALID_TYPE
                    unalias(alias)
            return
        if first is not None and not self.verify_versionf(first, 18, "type parameter"):
            version_error = True
        named = self.new_named(obj, None, None)
        scope = self.scope
        if params is not None and first is not None:
            self.open_scope(tdecl, "type parameters")
            self.collect_type_params(params, named.set_type_params)
        rhs = self.declared_type(tdecl.type, obj)
        named.from_rhs = rhs
        if is_type_param(rhs):
            why = "cannot use a type parameter as RHS in type declaration"
            self.error(tdecl.type, "MisplacedTypeParam", why)
            named.from_rhs = INVALID_TYPE
        self.scope = scope

    def is_imported_constraint(self, typ: Type) -> bool:
        """Say whether `typ` is a constraint of another package."""
        named = as_named(typ)
        if named is None or named.obj.pkg is self.pkg or named.obj.pkg is None:
            return False
        u = named.underlying()
        return isinstance(u, Interface) and not u.is_method_set()

    def collect_type_params(
        self, fields: FieldList, set_: Callable[[list[TypeParam]], Any]
    ) -> None:
        tparams: list[TypeParam] = []
        owners: list[Field] = []
        scope_pos = fields.list[0].pos
        for field in fields.list:
            for name in field.names:
                tparams.append(self.declare_type_param(name, scope_pos))
                owners.append(field)
        # Before the constraints, which may use the type that is declared.
        set_(tparams)
        before = self.in_tparam_list
        self.in_tparam_list = True
        bound: Type = INVALID_TYPE
        previous: Expr | None = None
        for tparam, field in zip(tparams, owners, strict=True):
            if field.type is not previous:
                previous = field.type
                bound = self.bound(field.type)
                if is_type_param(bound):
                    why = "cannot use a type parameter as constraint"
                    self.error(field.type, "MisplacedTypeParam", why)
                    bound = INVALID_TYPE
            tparam.bound = bound
        self.in_tparam_list = before

    def bound(self, x: Expr) -> Type:
        """Check a constraint; ``~T`` and ``A|B`` get an interface around them."""
        if (isinstance(x, BinaryExpr) and x.op == "|") or (
            isinstance(x, UnaryExpr) and x.op == "~"
        ):
            wrapped = InterfaceType(x.pos, FieldList(NO_POS, [Field([], x, None)], NO_POS))
            t = self.typ(wrapped)
            if isinstance(t, Interface):
                t.implicit = True
            return t
        return self.typ(x)

    def declare_type_param(self, name: Ident, scope_pos: int) -> TypeParam:
        """Declare a type parameter in the current scope; its constraint comes later."""
        tname = TypeName(name.pos, self.pkg, name.name, None)
        tparam = self.new_type_param(tname, INVALID_TYPE)
        self.declare(self.scope, name, tname, scope_pos)
        return tparam

    def collect_methods(self, obj: TypeName) -> None:
        """Add the methods declared for a type."""
        methods = self.methods.pop(obj, None)
        if methods is None:
            return
        mset = ObjSet()
        base = as_named(obj.type)
        if base is not None:
            known = base
            self.later(lambda: self.check_field_uniqueness(known))
        for m in methods:
            alt = mset.insert(m)
            if alt is not None:
                why = f"method {obj.name}.{m.name} already declared at {self.place(alt.pos)}"
                self.error(m.pos, "DuplicateMethod", why)
                continue
            if base is not None:
                base.add_method(m)

    def check_field_uniqueness(self, base: Named) -> None:
        """Report fields that have the name of a method."""
        t = base.underlying()
        if not isinstance(t, Struct):
            return
        mset = ObjSet()
        for m in base.methods:
            mset.insert(m)
        for field in t.fields:
            if field.name == "_":
                continue
            alt = mset.insert(field)
            if alt is not None:
                err = self.new_error("DuplicateFieldAndMethod")
                err.addf(alt, "field and method with the same name %s", field.name)
                err.add_alt_decl(field)
                err.report()

    # --- functions

    def func_decl(self, obj: Func, d: DeclInfo) -> None:
        """Check a function's signature; its body comes later."""
        sig = Signature()
        obj.type = sig
        fdecl = d.fdecl
        assert fdecl is not None
        self.func_type(sig, fdecl.recv, fdecl.type.type_params, fdecl.type)
        body = fdecl.body
        if fdecl.type.type_params is not None and body is None:
            self.soft_errorf(fdecl, "BadDecl", "generic function is missing function body")
        if body is not None and not self.conf.ignore_func_bodies:
            self.later(lambda: self.func_body(d, obj.name, sig, body, None))

    # --- in functions

    def decl_stmt(self, decl: GenDecl) -> None:
        if decl.tok == "const":
            self._const_stmt(decl)
        elif decl.tok == "var":
            for spec in decl.specs:
                assert isinstance(spec, ValueSpec)
                self._var_stmt(spec)
        else:
            for spec in decl.specs:
                assert isinstance(spec, TypeSpec)
                obj = TypeName(spec.name.pos, self.pkg, spec.name.name, None)
                self.declare(self.scope, spec.name, obj, spec.name.pos)
                self.push(obj)
                self.type_decl(obj, spec)
                self.pop()

    def _const_stmt(self, decl: GenDecl) -> None:
        for spec, iota, last, inherited in const_groups(decl):
            top = len(self.delayed)
            values = [] if last is None else last.values
            vtyp = None if last is None else last.type
            lhs: list[Const] = []
            for i, name in enumerate(spec.names):
                obj = Const(name.pos, self.pkg, name.name, None, iota)
                lhs.append(obj)
                init = values[i] if i < len(values) else None
                self.const_decl(obj, vtyp, init, inherited)
            self.arity(spec.pos, spec.names, values, True, inherited)
            # Function literals in the values do not see the constants.
            self.process_delayed(top)
            for name, obj in zip(spec.names, lhs, strict=True):
                self.declare(self.scope, name, obj, spec.pos)

    def _var_stmt(self, spec: ValueSpec) -> None:
        top = len(self.delayed)
        names = spec.names
        values = spec.values
        pkg = self.pkg
        all_ = [Var(name.name_pos, pkg, name.name, None, LOCAL_VAR) for name in names]
        self.local_vars += all_
        for i, obj in enumerate(all_):
            lhs: list[Var] | None = None
            init: Expr | None = None
            if len(values) == len(names):
                init = values[i]
            elif len(values) == 1:
                lhs = all_
                init = values[0]
            elif i < len(values):
                init = values[i]
            self.var_decl(obj, lhs, spec.type, init)
            if len(values) == 1:
                break
        if spec.type is None or values:
            self.arity(spec.pos, names, values, False, False)
        self.process_delayed(top)
        for name, obj in zip(names, all_, strict=True):
            self.declare(self.scope, name, obj, spec.pos)
