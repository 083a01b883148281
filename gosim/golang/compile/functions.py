"""From a function of Go to a Python function: parameters, results, variables, closures, colour.

Where a variable lives is decided by what `analysis` found:

- in a Python local, which closures share as in Python (``nonlocal``), where its declaration runs
  once;
- in a `Cell` if a pointer to it may exist, or if it is declared in a loop, shared with a function
  literal and assigned to again: then each turn has a cell of its own;
- structs and arrays are objects that are changed in place as soon as somebody else may hold them.

A function literal gets what is declared in a loop as default values of hidden parameters, because a
Python closure would see the next turn's.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any, cast

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.compile.accesses import meets_others
from gosim.golang.compile.analysis import Body, Use
from gosim.golang.compile.colour import WELL_KNOWN, Function, Node, method_of
from gosim.golang.compile.defers import DeferMixin
from gosim.golang.compile.expr import ExprMixin
from gosim.golang.compile.frames import FrameMixin
from gosim.golang.compile.loops import LoopMixin
from gosim.golang.compile.ranges import RangeMixin
from gosim.golang.compile.selects import SelectMixin
from gosim.golang.compile.statements import StatementMixin
from gosim.golang.compile.switches import SwitchMixin
from gosim.golang.types.objects import Func, Var
from gosim.golang.types.types import Array, Pointer, Signature, Struct, unalias

__all__ = ["FuncCompiler"]

_RESERVED = frozenset(["None", "True", "False", "__debug__"])


class FuncCompiler(
    StatementMixin,
    RangeMixin,
    LoopMixin,
    SwitchMixin,
    SelectMixin,
    DeferMixin,
    FrameMixin,
    ExprMixin,
):
    """Compiles one function; function literals inside it have compilers of their own."""

    def __init__(
        self,
        program: Any,
        function: Function,
        node: Node,
        parent: FuncCompiler | None = None,
    ) -> None:
        self.program = program
        self.function = function
        self.node = node
        assert node.body is not None
        self.body: Body = node.body
        self.parent = parent
        unit = function.unit
        self.races = (
            program.sharing is not None
            and not unit.standard
            # What Python code calls must not wait.
            and not (function.func is not None and function.func.name in WELL_KNOWN)
        )
        self.package = unit.package
        self.info = unit.info
        self.subst = function.smap
        self.types = program.types
        self.out = []
        self.blocking = node.blocks
        self.targets = []
        self.flags: list[str] = []
        self.globals_assigned: dict[str, None] = {}
        self.nonlocals: dict[str, None] = {}
        #: What is awaited next may be no coroutine after all.
        self.foreign = False
        self.waits = 0
        self.results: list[str] = []
        self.result_vars: list[Any] = []
        if parent is None:
            self.root = self
            self.ranges = {}
            self.temps = 0
            #: Python name → how many variables had it; names that closures share.
            self.used: dict[str, int] = {}
            self.shared: set[str] = set()
            self.var_names: dict[Any, str] = {}
            self.kinds: dict[Any, str] = {}
            self.go_name = function.name
            self.lines = program.lines_of(self.body)
        else:
            self.root = parent.root
            self.ranges = parent.ranges
            self.lines = parent.lines
            self.line = parent.line
            self.go_name = program.literal_name(parent, self.body)
        #: Names in scope of this function body, and what each block declared.
        self.active: dict[str, int] = {}
        self.scopes: list[list[str]] = []

    # -- positions and names ----------------------------------------------------------------------

    def position(self, pos: int) -> int:
        """Set the line that nodes get."""
        if pos:
            self.line = self.lines(pos)
        return self.line

    def temp(self) -> str:
        """Return a new name for a temporary."""
        root = self.root
        root.temps += 1
        return f".{root.temps}"

    def name_var(self, v: Var) -> str:
        """Give a local variable its Python name as it is declared."""
        root = self.root
        name = v.name
        if name in _RESERVED:
            name += "_"
        use = v.memo
        count = root.used.get(name, 0)
        if count and (use.captured or name in root.shared or self.active.get(name)):
            number = count
            while f"{name}'{number}" in root.used:
                number += 1
            root.used[name] = number + 1
            name = f"{name}'{number}"
            count = 0
        root.used[name] = count + 1
        if use.captured:
            root.shared.add(name)
        self.active[name] = self.active.get(name, 0) + 1
        if self.scopes:
            self.scopes[-1].append(name)
        root.var_names[v] = name
        return name

    def var_name(self, v: Var) -> str:
        """Return the Python name of a local variable."""
        name = self.root.var_names.get(v)
        return name if name is not None else self.name_var(v)

    def open(self) -> None:
        """Begin a block."""
        self.scopes.append([])

    def close(self) -> None:
        """End a block: its names can be used again."""
        for name in self.scopes.pop():
            self.active[name] -= 1

    # -- variables ------------------------------------------------------------------------------

    def kind_of(self, v: Var) -> str:
        """Say where a variable lives: "local", "cell", "held", "global", "global cell"."""
        kinds = self.root.kinds
        kind = kinds.get(v)
        if kind is None:
            kind = kinds[v] = self._kind_of(v)
        return kind

    def _kind_of(self, v: Var) -> str:
        use = v.memo
        in_place = self.in_place(v.type)
        if type(use) is not Use:
            if in_place:
                return "global held"
            return "global cell" if use == "address" else "global"
        if in_place:
            return "held" if use.captured or use.address else "local"
        if self.program.sharing is not None and meets_others(v):
            return "cell"
        if use.address or (use.captured and use.loop and (use.assigned or use.far)):
            return "cell"
        return "local"

    def in_place(self, t: Any) -> bool:
        """Whether variables of a type are objects that are changed in place."""
        return type(self.resolve(t).underlying()) in (Struct, Array)

    def held(self, v: Var) -> bool:
        """Whether a struct or array variable is changed in place."""
        return self.kind_of(v) in ("held", "global held")

    def global_name(self, v: Var) -> str:
        """Return the name of a package variable among the globals."""
        assert v.pkg is not None
        return f"{v.pkg.path}.{v.name}"

    def raw(self, v: Var) -> ast.expr:
        """What the Python variable holds: the value, or its cell."""
        if type(v.memo) is not Use:
            self.program.uses_global(v)
            return self.name(self.global_name(v))
        return self.name(self.var_name(v))

    def load_var(self, v: Var) -> ast.expr:
        """The value of a variable."""
        kind = self.kind_of(v)
        x = self.raw(v)
        if kind not in ("cell", "global cell"):
            return x
        x = self.attr(x, "v")
        return self.read(x, v.type) if self.races and self.watched(v) else x

    def watched(self, v: Var) -> bool:
        """Whether accesses to a variable that lies in a cell can be seen by others."""
        if type(v.memo) is Use:
            return v.memo.address or meets_others(v)
        return v in self.program.sharing.globals

    def var_cell(self, v: Var) -> ast.expr:
        """The cell of a variable whose address is taken."""
        return self.raw(v)

    def store_var(self, v: Var, value: ast.expr) -> list[ast.stmt]:
        """Assign to a variable."""
        kind = self.kind_of(v)
        if kind == "local":
            name = self.var_name(v)
            if v.memo.body is not self.body:
                self.nonlocals[name] = None
            return [self.set(name, value)]
        if kind == "global":
            name = self.global_name(v)
            self.program.uses_global(v)
            self.globals_assigned[name] = None
            return [self.set(name, value)]
        if kind in ("cell", "global cell"):
            x = self.attr(self.raw(v), "v")
            if self.races and self.watched(v):
                return self.write(x, value, v.type)
            return [self.assign(x, value)]
        if self.races and kind != "local":
            return self.write(self.raw(v), value, self.resolve(v.type))
        return [self.assign_in_place(self.raw(v), value, v.type)]

    def assign_in_place(self, x: ast.expr, value: ast.expr, t: Any) -> ast.stmt:
        """Change a struct or array."""
        return self.change(x, value, self.resolve(t))

    def declare(self, v: Var, value: ast.expr) -> None:
        """Begin the life of a local variable with a value of its own."""
        self.note_variable(v)
        name = self.name_var(v)
        if self.kind_of(v) == "cell":
            value = self.invoke("Cell", value)
        self.out.append(self.set(name, value))

    # -- functions ------------------------------------------------------------------------------

    def compile(self) -> ast.stmt:
        """Return the ``def`` of a declared function."""
        decl = self.function.decl
        assert decl is not None
        assert decl.body is not None
        assert self.function.func is not None
        sig = self.function.func.type
        self.signature = cast(Signature, self.resolve(sig))
        self.position(decl.pos)
        params = [*([sig.recv] if sig.recv is not None else []), *sig.params]
        return self.definition(params, sig.results, decl.body)

    def compile_literal(self, e: go.FuncLit) -> ast.stmt:
        """Return the ``def`` of a function literal."""
        sig: Any = self.info.types[e].type.underlying()
        self.signature = cast(Signature, self.resolve(sig))
        self.position(e.type.func)
        return self.definition([*sig.params], sig.results, e.body)

    def definition(self, params: Sequence[Any], results: Any, block: go.BlockStmt) -> ast.stmt:
        """Return the ``def`` of this function with the parameters and results given."""
        first = self.line
        self.open()
        names: list[str] = []
        for i, p in enumerate(params):
            if p.name in ("", "_") or type(p.memo) is not Use:
                names.append(f".p{i}")
                continue
            name = self.name_var(p)
            names.append(name)
            self.note_variable(p, parameter=True)
            if self.kind_of(p) == "cell":
                self.out.append(self.set(name, self.invoke("Cell", self.name(name))))
        if self.body.recovers:
            names.append(".panic")
        defaults: list[ast.expr] = [self.const(None)] if self.body.recovers else []
        if self.parent is not None:
            for v in self.passed(self.body):
                names.append(self.var_name(v))
                defaults.append(self.parent.raw(v))
        self.begin_results(results)
        if self.body.defers:
            self.with_defers(block)
        else:
            self.out += self.statements(block.list)
            if self.result_vars and not self.ends(self.out):
                self.position(block.rbrace)
                self.out.append(self.return_(self.result_value()))
        self.close()
        return self.define(names, defaults, first)

    def define(self, names: list[str], defaults: list[ast.expr], line: int) -> ast.stmt:
        """Put the ``def`` around what was compiled."""
        self.line = line
        arguments = self.parameters(names)
        arguments.defaults = defaults
        head: list[ast.stmt] = []
        if self.globals_assigned:
            head.append(ast.Global([*self.globals_assigned], lineno=line, col_offset=0))
        if self.nonlocals:
            head.append(ast.Nonlocal([*self.nonlocals], lineno=line, col_offset=0))
        for flag in self.flags:
            head.append(self.set(flag, self.const(False)))
        kind = ast.AsyncFunctionDef if self.blocking else ast.FunctionDef
        body = [*head, *self.out] or [ast.Pass(lineno=line, col_offset=0)]
        made: ast.stmt = kind(
            self.go_name, arguments, body, self.decorators(), lineno=line, col_offset=0
        )
        if hasattr(made, "type_params"):
            made.type_params = []
        return made

    def passed(self, body: Body) -> list[Any]:
        """Return the variables that a function literal gets as default values."""
        return [v for v in body.captured if v.memo.loop and v in self.root.var_names]

    def func_lit(self, e: go.FuncLit) -> ast.expr:
        """Compile a function literal; its ``def`` goes to `out`."""
        body = self.body.children[e]
        node = self.function.literals[body]
        line = self.line
        inner = FuncCompiler(self.program, self.function, node, self)
        self.out.append(inner.compile_literal(e))
        self.line = line
        return self.name(inner.go_name)

    # -- results ----------------------------------------------------------------------------------

    def begin_results(self, results: Any) -> None:
        """Declare named results, and a place for unnamed ones where deferred calls run."""
        self.result_types = [v.type for v in results]
        named = [v for v in results if v.name]
        if named:
            for i, v in enumerate(results):
                if type(v.memo) is Use and v.name != "_":
                    self.declare(v, self.zero(self.resolve(v.type)))
                else:
                    self.out.append(self.set(f".r{i}", self.zero(self.resolve(v.type))))
            self.result_vars = list(results)
        elif len(results) and (
            self.body.defers or any(isinstance(n, go.RangeStmt) for n in self.body.children)
        ):
            self.result_vars = list(results)
            for i, v in enumerate(results):
                self.out.append(self.set(f".r{i}", self.zero(self.resolve(v.type))))

    def _named(self, v: Any) -> bool:
        return type(v.memo) is Use and v.name not in ("", "_")

    def result_value(self) -> ast.expr | None:
        """What the function returns, from the places of its results."""
        values = [
            self.load_var(v) if self._named(v) else self.name(f".r{i}")
            for i, v in enumerate(self.result_vars)
        ]
        if not values:
            return None
        return values[0] if len(values) == 1 else self.tuple(values)

    # -- references and colours -------------------------------------------------------------------

    def func_ref(self, f: Func, type_args: Sequence[Any]) -> ast.expr:
        """The Python function of a declared function or method."""
        return self.name(self.program.use(f, type_args))

    def recover_call(self) -> ast.expr:
        """What ``recover()`` is here."""
        return self.invoke("recover", self.name(".panic"))

    def blocks(self, e: go.CallExpr) -> bool:
        """Whether a call must be awaited; `wait` then knows how."""
        blocks, self.foreign = self.call_colour(e)
        return blocks

    def wait(self, x: ast.expr) -> ast.expr:
        """``await x``."""
        self.waits += 1
        if self.foreign:
            self.foreign = False
            x = self.invoke("settle", x)
        return ast.Await(x, lineno=self.line, col_offset=0)

    @staticmethod
    def _colour_of(callee: Function) -> tuple[bool, bool]:
        """Say the same of a function that is known: Python's may return at once all the same."""
        native = callee.native
        at_once = native is not None and not native.blocks and native.blocking is None
        return callee.blocks, callee.blocks and at_once

    def call_colour(self, e: go.CallExpr) -> tuple[bool, bool]:
        """Say whether a call blocks, and whether what it gives may be no coroutine after all."""
        fun = unparen(e.fun)
        colours = self.program.colours
        if isinstance(fun, go.FuncLit):
            return self.function.literals[self.body.children[fun]].blocks, False
        inner: Any = fun
        if isinstance(fun, (go.IndexExpr, go.IndexListExpr)):
            inner = unparen(fun.x)
        uses = self.info.uses
        ident = inner.sel if isinstance(inner, go.SelectorExpr) else inner
        if isinstance(inner, go.SelectorExpr) and (
            (selection := self.info.selections.get(inner)) is not None
        ):
            if selection.kind != "field":
                method, abstract = method_of(selection, self.resolve)
                if abstract:
                    answer: tuple[bool, bool] = colours.method_blocks(
                        method, self.resolve(method.type)
                    )
                    return answer
                owner = unalias(method.type.recv.type)
                if type(owner) is Pointer:
                    owner = unalias(owner.base)
                targs = [self.resolve(t) for t in owner.type_args]
                instance = self.info.instances.get(inner.sel)
                if instance is not None:
                    targs += [self.resolve(t) for t in instance.type_args]
                return self._colour_of(self.program.callee(method, targs))
        elif isinstance(ident, go.Ident) and type(uses.get(ident)) is Func:
            instance = self.info.instances.get(ident)
            targs = [self.resolve(t) for t in instance.type_args] if instance is not None else []
            return self._colour_of(self.program.callee(uses[ident], targs))
        sig = self.resolve(self.info.types[fun].type).underlying()
        if type(sig) is Signature:
            found: tuple[bool, bool] = colours.signature_blocks(sig)
            return found
        return False, False
