"""Values that hold a lock and are copied (Go: ``passes/copylock``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gosim.golang import ast
from gosim.golang.types.lookup import implements
from gosim.golang.types.objects import Builtin, Func
from gosim.golang.types.types import (
    Array,
    Interface,
    Named,
    Pointer,
    Signature,
    Struct,
    Tuple,
    Type,
    TypeParam,
    unalias,
)
from gosim.golang.vet.unit import Unit

__all__ = ["check", "has_locks"]

_LOOP_VARIABLES_PER_TURN = 22

#: These use the type of their argument only.
_OF_TYPES = frozenset({"len", "cap", "Sizeof", "Offsetof", "Alignof"})

_NO_COPY = ("sync.noCopy",)
_ATOMIC = ("sync/atomic.noCopy",)
_MUTEX = ("sync.Mutex",)
#: What types of the standard library hold in Go 1.27, whose models in gosim have no such fields.
_INSIDE: dict[tuple[str, str], tuple[str, ...]] = {
    **{("sync", name): _NO_COPY for name in ("Cond", "Map", "Once", "Pool", "WaitGroup")},
    **{
        ("sync/atomic", name): _ATOMIC
        for name in ("Bool", "Int32", "Int64", "Pointer", "Uint32", "Uint64", "Uintptr")
    },
    ("testing", "T"): ("testing.common", "sync.RWMutex"),
    ("testing", "B"): ("testing.common", "sync.RWMutex"),
    ("log", "Logger"): _MUTEX,
    ("strings", "Replacer"): ("sync.Once", *_NO_COPY),
    ("golang.org/x/sync/errgroup", "Group"): ("sync.WaitGroup", *_NO_COPY),
    ("golang.org/x/sync/semaphore", "Weighted"): _MUTEX,
    ("golang.org/x/sync/singleflight", "Group"): _MUTEX,
}
#: `strings` is imported everywhere; there the name of its only lock is looked for.
_PACKAGES = {path for path, _ in _INSIDE} - {"strings"}


def _locker() -> Interface:
    methods = [Func(0, None, name, Signature()) for name in ("Lock", "Unlock")]
    made = Interface(methods)
    made.complete = True
    return made


_LOCKER = _locker()


def has_locks(unit: Unit) -> bool:
    """Whether a package can make a lock of its own: most programs need not be searched."""
    if any(each.path in _PACKAGES for each in unit.loaded.imports):
        return True
    for file in unit.loaded.files:
        for decl in file.decls:
            if isinstance(decl, ast.FuncDecl) and decl.name.name == "Lock":
                return True
        if "Replacer" in unit.files.file(file.package).raw:
            return True
    return False


def check(unit: Unit) -> None:
    """Report copies of locks."""
    checker = _Checker(unit)
    visit = checker.visitors()
    for file in unit.loaded.files:
        checker.language = unit.info.file_versions.get(file, 0)
        for node in ast.walk(file):
            found = visit.get(type(node))
            if found is not None:
                found(node)


class _Checker:
    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.info = unit.info
        self.language = 0
        # The statement before the first `;` of a for statement, which stands before it in the walk.
        self.inits: set[ast.Stmt] = set()

    def visitors(self) -> dict[type[ast.Node], Callable[[Any], None]]:
        """What looks at a node of each class."""
        return {
            ast.ForStmt: self.for_,
            ast.RangeStmt: self.range,
            ast.FuncDecl: lambda node: self.function(node.name.name, node.recv, node.type),
            ast.FuncLit: lambda node: self.function("func", None, node.type),
            ast.CallExpr: self.call,
            ast.AssignStmt: self.assign,
            ast.GenDecl: self.variables,
            ast.CompositeLit: self.literal,
            ast.ReturnStmt: self.return_,
        }

    def for_(self, node: ast.ForStmt) -> None:
        if node.init is not None:
            self.inits.add(node.init)

    def range(self, node: ast.RangeStmt) -> None:
        self.range_variable(node.tok, node.key)
        self.range_variable(node.tok, node.value)

    def literal(self, node: ast.CompositeLit) -> None:
        for x in node.elts:
            part = x.value if isinstance(x, ast.KeyValueExpr) else x
            if path := self.copied(part):
                text = self.unit.spell(part)
                self.report(part, f"literal copies lock value from {text}: {path}")

    def return_(self, node: ast.ReturnStmt) -> None:
        for x in node.results:
            if path := self.copied(x):
                self.report(x, f"return copies lock value: {path}")

    def report(self, at: ast.Node, text: str) -> None:
        self.unit.report("copylocks", at.pos, text)

    def assign(self, node: ast.AssignStmt) -> None:
        reported = False
        for i, x in enumerate(node.rhs):
            if path := self.copied(x):
                to = self.unit.spell(node.lhs[i])
                self.report(x, f"assignment copies lock value to {to}: {path}")
                reported = True
        if reported or node not in self.inits or node.tok != ":=":
            return
        if self.language < _LOOP_VARIABLES_PER_TURN:
            return
        for left in node.lhs:
            if not isinstance(left, ast.Ident) or left.name == "_":
                continue
            obj = self.info.defs.get(left)
            if obj is not None and (path := self.inside(obj.type)):
                self.report(left, f"for loop iteration copies lock value to {left.name}: {path}")

    def variables(self, node: ast.GenDecl) -> None:
        for spec in node.specs if node.tok == "var" else ():
            if not isinstance(spec, ast.ValueSpec):
                continue
            for i, x in enumerate(spec.values):
                if path := self.copied(x):
                    name = spec.names[i].name
                    self.report(x, f"variable declaration copies lock value to {name}: {path}")

    def call(self, node: ast.CallExpr) -> None:
        name = node.fun.sel if isinstance(node.fun, ast.SelectorExpr) else node.fun
        if isinstance(name, ast.Ident):
            used = self.info.uses.get(name)
            if isinstance(used, Builtin) and used.name in _OF_TYPES:
                return
        for x in node.args:
            if path := self.copied(x):
                text = self.unit.spell(node.fun)
                self.report(x, f"call of {text} copies lock value: {path}")

    def function(self, name: str, recv: ast.FieldList | None, typ: ast.FuncType) -> None:
        receivers = [] if recv is None else recv.list[:1]
        for part in (*receivers, *typ.params.list):
            found = self.info.types.get(part.type)
            if found is not None and (path := self.inside(found.type)):
                self.report(part.type, f"{name} passes lock by value: {path}")

    def range_variable(self, tok: str, x: ast.Expr | None) -> None:
        if x is None or (isinstance(x, ast.Ident) and x.name == "_"):
            return
        typ: Type | None = None
        if tok == ":=":
            obj = self.info.defs.get(x) if isinstance(x, ast.Ident) else None
            typ = None if obj is None else obj.type
        elif x in self.info.types:
            typ = self.info.types[x].type
        if path := self.inside(typ):
            self.report(x, f"range var {self.unit.spell(x)} copies lock: {path}")

    def copied(self, x: ast.Expr) -> str:
        """Return the way to the lock in a value that is copied; empty for none and new values."""
        x = ast.unparen(x)
        if isinstance(x, ast.CompositeLit | ast.CallExpr):
            return ""
        if isinstance(x, ast.StarExpr) and isinstance(ast.unparen(x.x), ast.CallExpr):
            return ""  # a call may return a pointer to a new value
        found = self.info.types.get(x)
        return self.inside(found.type) if found is not None and found.is_value() else ""

    def inside(self, typ: Type | None) -> str:
        """Return the way to the lock in a type, the outermost type first."""
        return " contains ".join(self.path(typ, set()))

    def path(self, typ: Type | None, seen: set[int]) -> list[str]:
        if typ is None or id(typ) in seen:
            return []
        seen.add(id(typ))
        text = self.unit.type_text
        parameter = unalias(typ)
        if isinstance(parameter, TypeParam):
            tset = parameter.iface().type_set()
            for term in tset.terms if tset.has_terms() else ():
                if below := self.path(term.type, seen):
                    if term.tilde:
                        below[0] = "~" + below[0]
                    return [text(typ), *below]
            return []
        under = typ.underlying()
        while isinstance(under, Array):
            typ = under.elem
            under = typ.underlying()
        if isinstance(under, Tuple):
            for var in under.vars:
                if below := self.path(var.type, seen):
                    return [text(typ), *below]
            return []
        if not isinstance(under, Struct):
            return []
        named = unalias(typ)
        if isinstance(named, Named) and named.obj.pkg is not None:
            known = _INSIDE.get((named.obj.pkg.path, named.obj.name))
            if known is not None:
                return [text(typ), *known]
        if implements(Pointer(typ), _LOCKER) and not implements(typ, _LOCKER):
            return [text(typ)]
        for field in under.fields:
            if below := self.path(field.type, seen):
                return [text(typ), *below]
        return []
