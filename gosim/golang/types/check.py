"""The type checker as a whole (``types2/check.go``, ``types2/recording.go``).

`check_package` is the way in. The phases are Go's: collect the objects of the package, check their
declarations, then the function bodies and whatever else was put off, then the order of
initialization and what is unused.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from gosim.golang.ast import (
    Expr,
    File,
    FuncDecl,
    Ident,
    IndexExpr,
    IndexListExpr,
    Node,
    ParenExpr,
    SelectorExpr,
)
from gosim.golang.collector import uncollected
from gosim.golang.errors import Unsupported
from gosim.golang.types.anoncycle import AnonCycleMixin
from gosim.golang.types.assignments import AssignmentsMixin
from gosim.golang.types.base import ExprInfo
from gosim.golang.types.builtins import BuiltinsMixin
from gosim.golang.types.call import CallMixin
from gosim.golang.types.const import ConstMixin
from gosim.golang.types.conversions import ConversionsMixin
from gosim.golang.types.decl import DeclMixin
from gosim.golang.types.errors import TypeError_
from gosim.golang.types.expr import ExprMixin
from gosim.golang.types.index import IndexMixin
from gosim.golang.types.infer import InferMixin
from gosim.golang.types.info import Config, Info, Instance, Selection, TypeAndValue
from gosim.golang.types.initorder import InitOrderMixin
from gosim.golang.types.instantiate import Context, InstantiateMixin
from gosim.golang.types.interface import InterfaceMixin
from gosim.golang.types.literals import LiteralsMixin
from gosim.golang.types.lookup import LookupMixin
from gosim.golang.types.mono import MonoGraph, MonoMixin
from gosim.golang.types.objects import Object, Package, Var
from gosim.golang.types.operand import BUILTIN, CONSTANT, INVALID, NOVALUE, Operand
from gosim.golang.types.range import RangeMixin
from gosim.golang.types.resolver import ResolverMixin
from gosim.golang.types.returns import ReturnsMixin
from gosim.golang.types.scope import Scope
from gosim.golang.types.signature import SignatureMixin
from gosim.golang.types.stmt import StmtMixin
from gosim.golang.types.struct import StructMixin
from gosim.golang.types.subst import SubstMixin
from gosim.golang.types.types import INVALID as INVALID_KIND
from gosim.golang.types.types import IS_UNTYPED, TYP, Basic, Signature, Tuple, Type
from gosim.golang.types.typexpr import TypexprMixin
from gosim.golang.types.union import UnionMixin
from gosim.golang.types.unused import UnusedMixin
from gosim.golang.types.validtype import ValidTypeMixin
from gosim.golang.types.version import CURRENT, VersionMixin, minor_version

__all__ = ["Checker", "Config", "Info", "TypeError_", "check_package"]

#: Python frames that one check may use; a nesting of Go takes about eight of them a level.
_DEPTH = 60_000


def check_package(
    path: str, files: Sequence[File], config: Config | None = None
) -> tuple[Package, Info, list[TypeError_]]:
    """Check the files of one package.

    Parameters
    ----------
    path
        Its import path.
    files
        Its syntax trees, without syntax errors, in the order in which their errors are reported.
    config
        Importer, language version and more.

    Returns
    -------
    package, info, errors
        `package` and `info` are as complete as the errors allow; errors are in the order found.

    Raises
    ------
    Unsupported
        Declarations or types refer to each other thousands of steps deep.
    """
    pkg = Package(path, "")
    check = Checker(config or Config(), pkg)
    with uncollected(), _deep_recursion():
        try:
            check.check_files(files)
        except RecursionError:
            at = check.obj_path[-1].pos if check.obj_path else files[0].package
            why = "a chain of declarations or types as long as this one"
            raise Unsupported(at, f"{why} is not simulated") from None
    return pkg, check.info, check.errors


@contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


_LINKNAME = re.compile(r"//go:linkname\s+\S+")


class Checker(
    StmtMixin,
    AssignmentsMixin,
    RangeMixin,
    ReturnsMixin,
    UnusedMixin,
    ExprMixin,
    ConstMixin,
    ConversionsMixin,
    CallMixin,
    BuiltinsMixin,
    IndexMixin,
    LiteralsMixin,
    TypexprMixin,
    StructMixin,
    InterfaceMixin,
    SignatureMixin,
    UnionMixin,
    LookupMixin,
    SubstMixin,
    InstantiateMixin,
    InferMixin,
    DeclMixin,
    ResolverMixin,
    InitOrderMixin,
    ValidTypeMixin,
    MonoMixin,
    AnonCycleMixin,
    VersionMixin,
):
    """Checks one package; see `check_package`."""

    def __init__(self, conf: Config, pkg: Package) -> None:
        self.conf = conf
        self.ctxt = Context()
        self.pkg = pkg
        self.info = Info()
        self.next_id = 1
        self.obj_map = {}
        self.obj_list = []
        self.imp_map = {}
        self.files = []
        self.imports = []
        self.dot_import_map = {}
        self.union_type_sets = {}
        self.first_err = None
        self.errors = []
        self.methods = {}
        self.untyped = {}
        self.delayed = []
        self.obj_path = []
        self.obj_path_idx = {}
        self.cleaners = []
        self.mono = MonoGraph()
        self.var_sized = {}
        self.closed = {}
        self.interface_types = []
        # environment
        self.decl = None
        self.scope = pkg.scope
        self.version = minor_version(conf.go_version)
        self.iota = None
        self.errpos = 0
        self.in_tparam_list = False
        self.sig = None
        self.is_panic = set()
        self.has_label = False
        self.has_call_or_recv = False
        self.local_vars = []
        # recording happens often
        self._types = self.info.types

    # --- phases

    def init_files(self, files: Sequence[File]) -> None:
        """Take in the files that belong to the package."""
        pkg = self.pkg
        for file in files:
            name = file.name.name
            if pkg.name == "":
                if name == "_":
                    self.error(file.name, "BlankPkgName", "invalid package name _")
                else:
                    pkg.name = name
            elif pkg.name != name:
                why = f"package {name}; expected package {pkg.name}"
                self.error(file, "MismatchedPkgName", why)
                continue
            self.files.append(file)
        given = minor_version(self.conf.go_version)
        if given > CURRENT and files:
            why = (
                f"package requires newer Go version go1.{given} "
                f"(application built with go1.{CURRENT})"
            )
            self.error(files[0], "TooNew", why)
        for file in self.files:
            version = given
            own = self.file_build_version(file)
            if own:
                version = max(own, 21)
                if own > CURRENT:
                    self.error(file.name, "TooNew", f"file requires newer Go version go1.{own}")
            self.info.file_versions[file] = version

    def check_files(self, files: Sequence[File]) -> None:
        """Check everything."""
        self.init_files(files)
        self.collect_objects()
        self.obj_list = list(self.obj_map)
        self.direct_cycles()
        self.package_objects()
        self.process_delayed(0)
        self.cleanup()
        self.init_order()
        if not self.conf.ignore_func_bodies:
            self.unused_imports()
        self.record_untyped()
        if self.first_err is None:
            self.monomorph()
        if self.first_err is None and self.conf.compiler:
            self.anonymous_cycles()
        if self.first_err is None and self.conf.complete:
            self.missing_bodies()
        self.pkg.go_version = self.conf.go_version
        self.pkg.complete = True

    def missing_bodies(self) -> None:
        """Report functions without body, unless a directive links them to others."""
        for file in self.files:
            linked = {line.split()[1] for _, line in file.directives if _LINKNAME.match(line)}
            for decl in file.decls:
                if isinstance(decl, FuncDecl) and decl.body is None:
                    if decl.recv is not None or decl.name.name not in linked:
                        self.error(decl, "BadDecl", "missing function body")

    def later(self, f: Callable[[], None]) -> None:
        self.delayed.append((self.version, f))

    def process_delayed(self, top: int) -> None:
        delayed = self.delayed
        if len(delayed) == top:
            return
        saved = self.version
        at = top
        # What runs may add more.
        while at < len(delayed):
            self.version, f = delayed[at]
            at += 1
            f()
        del delayed[top:]
        self.version = saved

    def needs_cleanup(self, cleaner: Any) -> None:
        self.cleaners.append(cleaner)

    def cleanup(self) -> None:
        """Finish types that wait for the end."""
        at = 0
        while at < len(self.cleaners):
            self.cleaners[at].cleanup()
            at += 1
        self.cleaners = []

    # --- environment

    def lookup(self, name: str) -> Object | None:
        scope: Scope | None = self.scope
        while scope is not None:
            obj = scope.elems.get(name)
            if obj is not None:
                return obj
            scope = scope.parent
        return None

    def push(self, obj: Object) -> None:
        self.obj_path_idx[obj] = len(self.obj_path)
        self.obj_path.append(obj)

    def pop(self) -> None:
        del self.obj_path_idx[self.obj_path.pop()]

    def add_decl_dep(self, to: Object) -> None:
        decl = self.decl
        if decl is not None and to in self.obj_map:
            decl.deps[to] = None

    def save_environment(self) -> tuple[Any, ...]:
        return (
            self.decl,
            self.scope,
            self.version,
            self.iota,
            self.errpos,
            self.in_tparam_list,
            self.sig,
            self.is_panic,
            self.has_label,
            self.has_call_or_recv,
            self.local_vars,
        )

    def restore_environment(self, saved: tuple[Any, ...]) -> None:
        (
            self.decl,
            self.scope,
            self.version,
            self.iota,
            self.errpos,
            self.in_tparam_list,
            self.sig,
            self.is_panic,
            self.has_label,
            self.has_call_or_recv,
            self.local_vars,
        ) = saved

    def context(self) -> Context:
        return self.ctxt

    # --- recording

    def record(self, x: Operand) -> None:
        mode = x.mode
        e = x.expr
        assert e is not None
        if mode == INVALID:
            typ: Any = TYP[INVALID_KIND]
        elif mode == NOVALUE:
            typ = EMPTY_TUPLE
        else:
            typ = x.type
        val = x.val if mode == CONSTANT else None
        if type(typ) is Basic and typ.info & IS_UNTYPED:
            self.untyped[e] = ExprInfo(False, mode, typ, val)
        elif mode != INVALID:
            self._types[e] = TypeAndValue(mode, typ, val)

    def record_untyped(self) -> None:
        """Record what never got a final type."""
        for e, info in self.untyped.items():
            self.record_type_and_value(e, info.mode, info.type, info.val)

    def record_type_and_value(self, e: Expr, mode: int, typ: Type, val: Any) -> None:
        if mode != INVALID:
            self._types[e] = TypeAndValue(mode, typ, val)

    def record_builtin_type(self, f: Expr, sig: Signature) -> None:
        while True:
            self._types[f] = TypeAndValue(BUILTIN, sig, None)
            if not isinstance(f, ParenExpr):
                return
            f = f.x

    def record_comma_ok_types(self, e: Expr, a: list[Operand]) -> None:
        if a[0].mode == INVALID:
            return
        first, second = a[0].type, a[1].type
        while True:
            known = self._types[e]
            pos = e.pos
            pair = Tuple([Var(pos, self.pkg, "", first), Var(pos, self.pkg, "", second)])
            self._types[e] = TypeAndValue(known.mode, pair, known.value)
            if not isinstance(e, ParenExpr):
                return
            e = e.x

    def record_instance(self, e: Expr, targs: Sequence[Type], typ: Type) -> None:
        if isinstance(e, IndexExpr | IndexListExpr):
            e = e.x
        id = e.sel if isinstance(e, SelectorExpr) else e
        assert isinstance(id, Ident)
        self.info.instances[id] = Instance(targs, typ)

    def record_def(self, id: Ident, obj: Object | None) -> None:
        self.info.defs[id] = obj

    def record_use(self, id: Ident, obj: Object) -> None:
        self.info.uses[id] = obj

    def record_implicit(self, node: Node, obj: Object) -> None:
        self.info.implicits[node] = obj

    def record_selection(
        self,
        x: SelectorExpr,
        kind: str,
        recv: Type,
        obj: Object,
        index: list[int],
        indirect: bool,
    ) -> None:
        self.info.uses[x.sel] = obj
        self.info.selections[x] = Selection(kind, recv, obj, index, indirect)

    def record_scope(self, node: Node, scope: Scope) -> None:
        self.info.scopes[node] = scope


EMPTY_TUPLE = Tuple([])
