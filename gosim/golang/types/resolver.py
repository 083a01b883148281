"""Collecting what a package declares (``types2/resolver.go``)."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from gosim.golang.ast import (
    BasicLit,
    Expr,
    FuncDecl,
    GenDecl,
    Ident,
    ImportSpec,
    IndexExpr,
    IndexListExpr,
    StarExpr,
    TypeSpec,
    ValueSpec,
    node_pos,
    source_of,
    unparen,
)
from gosim.golang.types import constant
from gosim.golang.types.objects import (
    Const,
    Func,
    Object,
    Package,
    PkgName,
    TypeName,
    Var,
    is_exported,
)
from gosim.golang.types.scope import Scope
from gosim.golang.types.types import INVALID, TYP
from gosim.golang.types.version import VersionMixin

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DeclInfo", "ResolverMixin", "const_groups"]

_ILLEGAL = frozenset("!\"#$%&'()*,:;<=>?[\\]^{|}`\ufffd")


class DeclInfo:
    """The declaration of a constant, variable, type or function at package level."""

    __slots__ = (
        "deps",
        "fdecl",
        "file",
        "inherited",
        "init",
        "lhs",
        "tdecl",
        "version",
        "vtyp",
    )

    def __init__(
        self,
        file: Scope,
        version: int,
        *,
        lhs: list[Var] | None = None,
        vtyp: Expr | None = None,
        init: Expr | None = None,
        inherited: bool = False,
        tdecl: TypeSpec | None = None,
        fdecl: FuncDecl | None = None,
    ) -> None:
        #: The scope of the file it is in.
        self.file = file
        self.version = version
        #: All variables of ``var a, b = f()``.
        self.lhs = lhs
        self.vtyp = vtyp
        self.init = init
        #: The initializer is that of an earlier constant.
        self.inherited = inherited
        self.tdecl = tdecl
        self.fdecl = fdecl
        #: What its initializer or body refers to.
        self.deps: dict[Object, None] = {}


def const_groups(decl: GenDecl) -> list[tuple[ValueSpec, int, ValueSpec | None, bool]]:
    """Return the constants of a declaration: (spec, iota, spec of its values, inherited)."""
    found = []
    last: ValueSpec | None = None
    for iota, spec in enumerate(decl.specs):
        assert isinstance(spec, ValueSpec)
        inherited = True
        if spec.type is not None or spec.values:
            last = spec
            inherited = False
        elif last is None:
            inherited = False
        found.append((spec, iota, last, inherited))
    return found


def import_path(literal: BasicLit) -> tuple[str, str]:
    """Return the path of an import and what is wrong with it, or ""."""
    value = constant.from_literal(literal.value, literal.kind)
    if not isinstance(value, str):
        return "", "invalid syntax"
    path = value.encode("latin-1").decode("utf-8", "replace")
    if path == "":
        return "", "empty string"
    for c in path:
        if c in _ILLEGAL or unicodedata.category(c)[0] in "CZ":
            shown = "" if not c.isprintable() else f" '{c}'"
            return path, f"invalid character U+{ord(c):04X}{shown}"
    return path, ""


class ResolverMixin(VersionMixin):
    """Declares packages, files and methods."""

    def arity(
        self,
        pos: int,
        names: list[Ident],
        inits: Sequence[Expr],
        const_decl: bool,
        inherited: bool,
    ) -> None:
        """Check that there is one initializer for each name."""
        left, right = len(names), len(inits)
        if left < right:
            extra = inits[left]
            if inherited:
                at = self.place(node_pos(extra))
                self.error(pos, "WrongAssignCount", f"extra init expr at {at}")
            else:
                self.errorf(extra, "WrongAssignCount", "extra init expr %s", extra)
        elif left > right and (const_decl or right != 1):
            name = names[right]
            self.error(name, "WrongAssignCount", f"missing init expr for {name.name}")

    def declare_pkg_obj(self, ident: Ident, obj: Object, d: DeclInfo) -> None:
        """Declare anything but a function at package level."""
        if ident.name == "init":
            self.error(ident, "InvalidInitDecl", "cannot declare init - must be func")
            return
        if ident.name == "main" and self.pkg.name == "main":
            self.error(ident, "InvalidMainDecl", "cannot declare main - must be func")
            return
        self.declare(self.pkg.scope, ident, obj, 0)
        self.obj_map[obj] = d
        obj.order = len(self.obj_map)

    def import_package(self, pos: int, path: str) -> Package | None:
        """Return the package of an import path, a fake one when it cannot be had."""
        known = self.imp_map.get(path)
        if known is not None:
            return known
        why = ""
        imp: Package | None = None
        importer = self.conf.importer
        if importer is None:
            why = "Config.Importer not installed"
        else:
            try:
                imp = importer(path)
            except ImportError as problem:
                why = str(problem)
        if imp is not None and imp.name in ("", "_"):
            why = f'invalid package name: "{imp.name}"'
            imp = None
        if imp is None:
            self.error(pos, "BrokenImport", f"could not import {path} ({why})")
            imp = Package(path, path.rstrip("/").rpartition("/")[2])
            imp.fake = True
        self.imp_map[path] = imp
        return imp

    def collect_objects(self) -> None:
        """Fill the scopes of package and files; import; find the methods of each type."""
        pkg = self.pkg
        # (method, pointer receiver, name of the receiver's type)
        methods: list[tuple[Func, bool, Ident]] = []
        file_scopes: list[Scope] = []
        imported: set[Package] = set(pkg.imports)
        for file in self.files:
            self.version = self.info.file_versions[file]
            self.record_def(file.name, None)
            scope = Scope(pkg.scope)
            file_scopes.append(scope)
            self.record_scope(file, scope)
            for decl in file.decls:
                if isinstance(decl, FuncDecl):
                    self._collect_func(decl, scope, methods)
                    continue
                if not isinstance(decl, GenDecl):
                    continue
                if decl.tok == "import":
                    for spec in decl.specs:
                        if isinstance(spec, ImportSpec):
                            self._collect_import(spec, scope, imported)
                elif decl.tok == "const":
                    self._collect_consts(decl, scope)
                elif decl.tok == "var":
                    for spec in decl.specs:
                        if isinstance(spec, ValueSpec):
                            self._collect_vars(spec, scope)
                else:
                    for spec in decl.specs:
                        if isinstance(spec, TypeSpec):
                            obj = TypeName(spec.name.pos, pkg, spec.name.name, None)
                            info = DeclInfo(scope, self.version, tdecl=spec)
                            self.declare_pkg_obj(spec.name, obj, info)
        self._check_file_scopes(file_scopes)
        for method, ptr, recv in methods:
            ptr, base = self.resolve_base_type_name(ptr, recv)
            if base is not None:
                method.has_ptr_recv_ = ptr
                self.methods.setdefault(base, []).append(method)

    def _check_file_scopes(self, scopes: list[Scope]) -> None:
        """Report names declared in the package and in a file."""
        for scope in scopes:
            for name, obj in scope.elems.items():
                alt = self.pkg.scope.lookup(name)
                if alt is None:
                    continue
                err = self.new_error("DuplicateDecl")
                if isinstance(obj, PkgName):
                    why = "%s already declared through import of %s"
                    err.addf(alt, why, alt.name, obj.imported)
                else:
                    why = "%s already declared through dot-import of %s"
                    err.addf(alt, why, alt.name, obj.pkg)
                err.add_alt_decl(obj)
                err.report()

    def _collect_import(self, spec: ImportSpec, scope: Scope, imported: set[Package]) -> None:
        path, why = import_path(spec.path)
        if why:
            self.error(spec.path, "BadImportPath", f"invalid import path ({why})")
            return
        imp = self.import_package(spec.path.pos, path)
        if imp is None:
            return
        name = imp.name if spec.name is None else spec.name.name
        if path == "C" and spec.name is not None:
            self.error(spec.name, "ImportCRenamed", 'cannot rename import "C"')
            return
        if name == "init":
            why = "cannot import package as init - init must be a func"
            self.error(spec, "InvalidInitDecl", why)
            return
        pkg = self.pkg
        if imp not in imported:
            imported.add(imp)
            pkg.imports.append(imp)
        pkg_name = PkgName(spec.pos, pkg, name, imp)
        if spec.name is not None:
            self.record_def(spec.name, pkg_name)
        else:
            self.record_implicit(spec, pkg_name)
        if imp.fake:
            pkg_name.used = True
        self.imports.append(pkg_name)
        if name != ".":
            self.declare(scope, None, pkg_name, 0)
            return
        for each, obj in imp.scope.elems.items():
            if not is_exported(each):
                continue
            alt = scope.lookup(each)
            if alt is not None:
                err = self.new_error("DuplicateDecl")
                err.addf(spec.name, "%s redeclared in this block", alt.name)
                err.add_alt_decl(alt)
                err.report()
            else:
                scope.elems[each] = obj
                self.dot_import_map[scope, each] = pkg_name

    def _collect_consts(self, decl: GenDecl, scope: Scope) -> None:
        pkg = self.pkg
        for spec, iota, last, inherited in const_groups(decl):
            values = [] if last is None else last.values
            vtyp = None if last is None else last.type
            for i, name in enumerate(spec.names):
                obj = Const(name.pos, pkg, name.name, None, iota)
                info = DeclInfo(
                    scope,
                    self.version,
                    vtyp=vtyp,
                    init=values[i] if i < len(values) else None,
                    inherited=inherited,
                )
                self.declare_pkg_obj(name, obj, info)
            self.arity(spec.pos, spec.names, values, True, inherited)

    def _collect_vars(self, spec: ValueSpec, scope: Scope) -> None:
        lhs: list[Var] = []
        values = spec.values
        shared: DeclInfo | None = None
        if len(values) <= 1:
            # One initializer for all of them.
            init = values[0] if values else None
            shared = DeclInfo(scope, self.version, lhs=lhs, vtyp=spec.type, init=init)
        for i, name in enumerate(spec.names):
            obj = Var(name.pos, self.pkg, name.name, None)
            lhs.append(obj)
            info = shared
            if info is None:
                init = values[i] if i < len(values) else None
                info = DeclInfo(scope, self.version, vtyp=spec.type, init=init)
            self.declare_pkg_obj(name, obj, info)
        if spec.type is None or values:
            self.arity(spec.pos, spec.names, values, False, False)

    def _collect_func(
        self, decl: FuncDecl, scope: Scope, methods: list[tuple[Func, bool, Ident]]
    ) -> None:
        pkg = self.pkg
        name = decl.name.name
        obj = Func(decl.name.pos, pkg, name, None)
        tparams = decl.type.type_params
        first = tparams.list[0] if tparams is not None and tparams.list else None
        if decl.recv is None:
            if name == "init" or (name == "main" and pkg.name == "main"):
                code = "InvalidInitDecl" if name == "init" else "InvalidMainDecl"
                if first is not None:
                    self.soft_errorf(first, code, "func %s must have no type parameters", name)
                results = decl.type.results
                if decl.type.params.list or (results is not None and results.list):
                    why = "func %s must have no arguments and no return values"
                    self.soft_errorf(decl.name, code, why, name)
            elif first is not None:
                self.verify_versionf(first, 18, "type parameter")
            if name == "init":
                obj.parent = pkg.scope
                self.record_def(decl.name, obj)
                if decl.body is None:
                    self.soft_errorf(obj, "MissingInitBody", "func init must have a body")
            else:
                self.declare(pkg.scope, decl.name, obj, 0)
        else:
            if decl.recv.list:
                ptr, base, _ = self.unpack_recv(decl.recv.list[0].type, False)
                if isinstance(base, Ident) and name != "_":
                    methods.append((obj, ptr, base))
            if first is not None:
                self.verify_versionf(first, 27, "generic method")
            self.record_def(decl.name, obj)
        self.obj_map[obj] = DeclInfo(scope, self.version, fdecl=decl)
        obj.order = len(self.obj_map)

    def unpack_recv(self, rtyp: Expr, unpack_params: bool) -> tuple[bool, Expr, list[Ident] | None]:
        """Take a receiver type apart: (pointer, base type, names of type parameters)."""
        ptr = False
        base = unparen(rtyp)
        if isinstance(base, StarExpr):
            ptr = True
            base = unparen(base.x)
        tparams: list[Ident] | None = None
        if isinstance(base, IndexExpr | IndexListExpr):
            indices = [base.index] if isinstance(base, IndexExpr) else base.indices
            base = base.x
            if unpack_params:
                tparams = []
                for arg in indices:
                    if isinstance(arg, Ident):
                        tparams.append(arg)
                        continue
                    why = f"receiver type parameter {source_of(arg)} must be an identifier"
                    self.error(arg, "BadDecl", why)
                    tparams.append(Ident(arg.pos, "_"))
        return ptr, base, tparams

    def resolve_base_type_name(self, ptr: bool, name: Ident) -> tuple[bool, TypeName | None]:
        """Follow aliases from a receiver's type name to the defined type."""
        seen: set[TypeName] = set()
        at: Expr = name
        while isinstance(at, Ident):
            obj = self.pkg.scope.lookup(at.name)
            if not isinstance(obj, TypeName) or obj in seen:
                break
            decl = self.obj_map[obj].tdecl
            assert decl is not None
            if not decl.assign:
                return ptr, obj
            if decl.type_params is not None:
                break
            seen.add(obj)
            at = unparen(decl.type)
            if isinstance(at, StarExpr):
                if ptr:
                    break
                ptr = True
                at = unparen(at.x)
        return False, None

    def package_objects(self) -> None:
        """Check every declaration, without function bodies: types, aliases, the rest."""
        aliases: list[Object] = []
        others: list[Object] = []
        for obj in self.obj_list:
            if isinstance(obj, TypeName):
                decl = self.obj_map[obj].tdecl
                assert decl is not None
                if decl.assign:
                    aliases.append(obj)
                else:
                    self.obj_decl(obj)
            else:
                others.append(obj)
        for obj in aliases:
            self.obj_decl(obj)
        for obj in others:
            self.obj_decl(obj)
        self.methods = {}

    def direct_cycles(self) -> None:
        """Report types declared as themselves by way of names only."""
        # A type is white when missing, grey with its place on the path, black with -1.
        index: dict[TypeName, int] = {}
        for obj in self.obj_list:
            if isinstance(obj, TypeName):
                self._direct_cycle(obj, index)

    def _direct_cycle(self, tname: TypeName, index: dict[TypeName, int]) -> None:
        path: list[TypeName] = []
        while True:
            start = index.get(tname)
            if start is not None:
                if start >= 0:
                    tname.type = TYP[INVALID]
                    cycle: list[Object] = list(path[start:])
                    self.cycle_error(cycle, self.first_in_src(cycle))
                break
            index[tname] = len(path)
            path.append(tname)
            decl = self.obj_map[tname].tdecl
            assert decl is not None
            rhs = decl.type
            if not isinstance(rhs, Ident):
                break
            following = self.pkg.scope.lookup(rhs.name)
            if not isinstance(following, TypeName):
                break
            tname = following
        for each in path:
            index[each] = -1
