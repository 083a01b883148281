"""A whole program: which functions are compiled, package variables and their initializers, linking.

The result is a list of code objects that are executed in one dict of globals: first what makes the
types, then the functions, one code object per source file, so that each carries the name of its Go
file, then what gives the types their methods.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import CodeType
from typing import TYPE_CHECKING, Any

from gosim.golang import ast as go
from gosim.golang import library
from gosim.golang.compile.analysis import Body, Use, analyse_expr
from gosim.golang.compile.build import Builder
from gosim.golang.compile.colour import Colours, Function
from gosim.golang.compile.functions import FuncCompiler
from gosim.golang.compile.generics import substitute
from gosim.golang.compile.rtypes import TypeTable
from gosim.golang.compile.sharing import Sharing
from gosim.golang.types.objects import Func, TypeName, Var
from gosim.golang.types.types import Array, Named, Signature, Struct, Tuple

if TYPE_CHECKING:
    from gosim.golang.packages import Build, Loaded
    from gosim.golang.position import SourceFile

__all__ = ["Linked", "compile_program"]


@dataclass(slots=True)
class Linked:
    """A compiled program.

    Attributes
    ----------
    codes : list of CodeType
        To be executed one after the other in the same globals.
    natives : list of (str, str, str)
        Globals that are Python functions: name, package, name there.
    start : list of str
        The initializers and ``main.main``, in the order in which they run.
    counts : bool
        The program asks for figures of the heap, so its code says what it allocates.
    classes : list of (str, str)
        Types of the models that are Python classes: package and name.
    """

    codes: list[CodeType] = field(default_factory=list)
    natives: list[tuple[str, str, str]] = field(default_factory=list)
    start: list[str] = field(default_factory=list)
    counts: bool = False
    classes: list[tuple[str, str]] = field(default_factory=list)


def compile_program(build: Build, counts: bool = False, races: bool = False) -> Linked:
    """Compile a checked program; `counts`: it says what it allocates in any case.

    `races`: accesses to shared variables are steps of their own.
    """
    before = sys.getrecursionlimit()
    # Python's own compiler may go three times as deep in C, where its stack still holds.
    sys.setrecursionlimit(max(before, _DEPTH))
    try:
        return Whole(build, counts, races).compile()
    finally:
        sys.setrecursionlimit(before)


_DEPTH = 3_000


def _resolve(t: Any, smap: dict[Any, Any]) -> Any:
    return substitute(t, smap) if smap else t


def _init_order(packages: Sequence[Loaded]) -> list[Loaded]:
    """Return packages in the order in which they are initialized (spec, "Package initialization").

    That is by import path, but each after all that it imports.
    """
    order: list[Loaded] = []
    waiting = sorted(packages, key=lambda unit: (unit.name == "main", unit.path))
    done: set[str] = set()
    while waiting:
        ready = next(u for u in waiting if all(i.path in done for i in u.imports))
        waiting.remove(ready)
        done.add(ready.path)
        order.append(ready)
    return order


class _Init:
    """An initializer of package variables, or ``init``."""

    __slots__ = ("code", "done", "function", "initializer", "unit")

    def __init__(self, unit: Loaded, initializer: Any, function: Function | None) -> None:
        self.unit = unit
        self.initializer = initializer
        self.function = function
        self.code: Function | None = None  # what evaluates the initializer
        self.done = False


class Whole(Builder):
    """The compilation of one program; see `compile_program`."""

    def __init__(self, build: Build, counts: bool = False, races: bool = False) -> None:
        self.build = build
        self.files = build.files
        self.sharing = Sharing(build) if races else None
        if self.sharing is not None:
            for v in self.sharing.globals:
                if type(v.memo) is not Use:
                    v.memo = "address"  # in a cell, which is a place
        self.colours = Colours(build, _resolve)
        self._native_types: dict[Any, bool] = {}
        self._minors: dict[int, int] = {}
        for unit in build.packages:
            for tree in unit.files:
                file = self.files.file(tree.package)
                self._minors[file.base] = unit.info.file_versions.get(tree, 0)
        self.counts = counts or asks_for_memory(build)
        self.reset()

    def reset(self) -> None:
        """Begin to generate code (again, where a colour was found to be wrong)."""
        self.types = TypeTable(self._is_native, self.counts)
        self.queue: list[Function] = []
        self.used: dict[Function, None] = {}
        self.globals: dict[Var, None] = {}
        self.modules: dict[str, list[ast.stmt]] = {}
        self.attached: list[ast.stmt] = []
        self.zeros: list[ast.stmt] = []
        self.colours.stale = False

    def _is_native(self, t: Named) -> bool:
        obj = t.obj
        found = self._native_types.get(obj)
        if found is None:
            unit = self.colours.units.get(obj.pkg.path) if obj.pkg is not None else None
            found = bool(
                unit is not None
                and unit.standard
                and library.zero_class(unit.path, obj.name) is not None
            )
            self._native_types[obj] = found
        return found

    # -- what function compilers ask ---------------------------------------------------------------

    def file_of(self, body: Body) -> SourceFile:
        """The source file of a function."""
        return self.files.file(body_pos(body))

    def lines_of(self, body: Body) -> Callable[[int], int]:
        """Return what gives the line of a position in the file of a function."""
        return self.file_of(body).line

    def per_turn(self, body: Body) -> bool:
        """Whether each turn of a loop in this function has variables of its own (Go 1.22)."""
        return self._minors[self.file_of(body).base] >= 22

    def literal_name(self, parent: FuncCompiler, body: Body) -> str:
        """Return gc's name of a function literal or of the body of a range over a function."""
        ranged = isinstance(body.node, go.RangeStmt)
        number = 0
        for each in parent.body.children:
            number += isinstance(each, go.RangeStmt) is ranged
            if each is body.node:
                break
        if ranged:
            return f"{parent.go_name}-range{number}"
        # An instance of a generic function is itself a literal for gc.
        outermost = parent.parent is None and not parent.function.targs
        dot = ".func" if outermost else "."
        return f"{parent.go_name}{dot}{number}"

    def callee(self, f: Func, targs: Sequence[Any]) -> Function:
        """Return a function with its colour."""
        found = self.colours.function(f, targs)
        if self.colours.todo:
            self.colours.solve()
        return found

    def use(self, f: Func, targs: Sequence[Any]) -> str:
        """Return the global that is a function, which is going to be compiled."""
        found = self.callee(f, targs)
        if found not in self.used:
            self.used[found] = None
            if found.native is None:
                self.queue.append(found)
        return found.key

    def uses_global(self, v: Var) -> None:
        """Note that a package variable is used."""
        if v not in self.globals:
            self.globals[v] = None

    # -- the whole ------------------------------------------------------------------------------

    def compile(self) -> Linked:
        """Compile, again until no colour changes any more."""
        colours = self.colours
        colours.start()
        colours.solve()
        self.initializers: list[_Init] = []
        for unit in _init_order(self.build.packages):
            for each in unit.info.init_order:
                self.initializers.append(_Init(unit, each, None))
            for func in colours.inits[unit.path]:
                self.initializers.append(_Init(unit, None, colours.function(func, ())))
        main = self.build.main.package.scope.lookup("main")
        assert type(main) is Func
        colours.started(colours.function(main, ()))
        while True:
            self.reset()
            start = self._generate(main)
            if not colours.stale:
                break
        return self._link(start)

    def _generate(self, main: Func) -> list[str]:
        last = self.use(main, ())
        starts: dict[_Init, str] = {}
        for each in self.initializers:
            each.done = False
        while True:
            self._drain()
            more = False
            for init in self.initializers:
                if init.done or not self._is_needed(init):
                    continue
                init.done = more = True
                starts[init] = self._initializer(init)
            self.attached += self.types.attach(self._method)
            if not more and not self.queue:
                break
        self._zero_globals()
        order = [starts[init] for init in self.initializers if init in starts]
        return [*order, last]

    def _method(self, f: Func, targs: list[Any]) -> ast.expr:
        return self.name(self.use(f, targs))

    def _drain(self) -> None:
        while self.queue:
            function = self.queue.pop()
            compiler = FuncCompiler(self, function, function)
            made = compiler.compile()
            statements = self._module(compiler.body)
            statements.append(made)
            if function.key != function.name:
                compiler.line = made.lineno
                statements.append(compiler.set(function.key, compiler.name(function.name)))

    def _module(self, body: Body) -> list[ast.stmt]:
        return self.modules.setdefault(self.file_of(body).name, [])

    # -- package variables -------------------------------------------------------------------------

    def _is_needed(self, init: _Init) -> bool:
        """Whether an initializer runs: in a model only if somebody uses what it initializes."""
        if init.function is not None or not init.unit.standard:
            return True
        return any(v in self.globals for v in init.initializer.lhs)

    def _initializer(self, init: _Init) -> str:
        if init.function is not None:
            assert init.function.func is not None
            return self.use(init.function.func, ())
        unit, initializer = init.unit, init.initializer
        file = self.files.file(initializer.rhs.pos)
        minor = self._minors[file.base]
        function = init.code
        if function is None:
            # Once: a new one would have no colour yet, each time that colours changed.
            body = analyse_expr(initializer.rhs, unit.info, minor)
            body.node = _At(initializer.rhs)
            function = init.code = self.colours.expression(unit, f"{unit.path}.init", body)
            self.colours.solve()
        compiler = FuncCompiler(self, function, function)
        compiler.races = False  # nobody else is there
        compiler.signature = Signature()
        compiler.result_types = []
        compiler.position(initializer.rhs.pos)
        line = compiler.line
        self._assign_globals(compiler, initializer)
        made = compiler.define([], [], line)
        key = f"{unit.path}.init·{initializer.rhs.pos}"
        statements = self.modules.setdefault(file.name, [])
        statements += [made, compiler.set(key, compiler.name(compiler.go_name))]
        return key

    def _assign_globals(self, compiler: FuncCompiler, initializer: Any) -> None:
        """``var x = y`` at package level, in a function that has nothing else to do."""
        lhs = initializer.lhs
        for v in lhs:
            self.uses_global(v)
        if len(lhs) == 1:
            v = lhs[0]
            value = compiler.value(initializer.rhs, v.type)
            compiler.out += self._global(compiler, v, value)
            return
        t = compiler.typ(initializer.rhs)
        assert type(t) is Tuple
        name = compiler.temp()
        compiler.out.append(compiler.set(name, compiler.expr(initializer.rhs)))
        for i, v in enumerate(lhs):
            part = compiler.index(compiler.name(name), compiler.const(i))
            value = compiler.convert(part, t.vars[i].type, v.type)
            compiler.out += self._global(compiler, v, value)

    def _global(self, compiler: FuncCompiler, v: Var, value: ast.expr) -> list[ast.stmt]:
        if v.name == "_":
            return [compiler.do(value)]
        return compiler.store_var(v, value)

    def _zero_globals(self) -> None:
        """Give every package variable its zero value before anything runs."""
        self.line = self.types.line = 1
        for unit in self.build.packages:
            if unit.standard:
                continue
            for name in unit.package.scope.names():
                v = unit.package.scope.lookup(name)
                if type(v) is Var:
                    self.uses_global(v)
        for v in self.globals:
            assert v.pkg is not None
            value = self.types.zero(v.type)
            if v.memo == "address" and type(v.type.underlying()) not in (Struct, Array):
                value = self.invoke("Cell", value)
            self.zeros.append(self.set(f"{v.pkg.path}.{v.name}", value))

    # -- linking --------------------------------------------------------------------------------

    def _link(self, start: list[str]) -> Linked:
        linked = Linked(start=start, counts=self.counts)
        codes = linked.codes
        codes.append(_code(self.types.prelude + self.zeros, "<gosim types>"))
        for name, statements in self.modules.items():
            codes.append(_code(statements, name))
        codes.append(_code(self.attached, "<gosim types>"))
        for function in self.used:
            native = function.native
            if native is None:
                continue
            name = function.native_name
            if function.blocks and not native.blocks and self._has_blocking(function):
                name += "_blocking"
            linked.natives.append((function.key, function.unit.path, name))
        for unit in self.build.packages:
            if unit.standard:
                for name in unit.package.scope.names():
                    obj = unit.package.scope.lookup(name)
                    if type(obj) is TypeName and library.zero_class(unit.path, name) is not None:
                        linked.classes.append((unit.path, name))
        return linked

    @staticmethod
    def _has_blocking(function: Function) -> bool:
        try:
            library.bind(function.unit.path, function.native_name + "_blocking")
        except LookupError:
            return False
        return True


_FIGURES = {
    "runtime": {"ReadMemStats", "MemProfile"},
    "runtime/debug": {"ReadGCStats", "SetGCPercent", "SetMemoryLimit", "FreeOSMemory"},
    "runtime/metrics": {"Read"},
    "testing": {"AllocsPerRun", "ReportAllocs"},
}


def asks_for_memory(build: Build) -> bool:
    """Whether a program asks for figures of the heap, or sets what the collector goes by."""
    for unit in build.packages:
        if unit.standard:
            continue
        for obj in unit.info.uses.values():
            if type(obj) is Func and obj.pkg is not None:
                names = _FIGURES.get(obj.pkg.path)
                if names is not None and obj.name in names:
                    return True
    return False


class _At(go.Expr):
    """Stands for the function around an initializer."""

    __slots__ = ("x",)

    def __init__(self, x: go.Expr) -> None:
        self.x = x

    @property
    def pos(self) -> int:
        return self.x.pos


def body_pos(body: Body) -> int:
    """Return a position in a function."""
    node = body.node
    assert node is not None
    if isinstance(node, (go.FuncDecl, go.FuncLit)) and not node.pos:
        return node.type.params.pos
    return node.pos


def _code(statements: list[ast.stmt], name: str) -> CodeType:
    tree = ast.Module(statements, [])
    code: CodeType = compile(tree, name, "exec", dont_inherit=True)
    return code


def nested(code: CodeType) -> Iterator[CodeType]:
    """Yield a code object and those in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from nested(constant)
