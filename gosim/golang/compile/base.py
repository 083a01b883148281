"""What the parts of the code generator know of each other (C1: expressions, C2: the rest).

`FuncCompiler` (functions.py) is put together from mixins, one per file, all on `Base`. One exists
per Python function that is generated: per instance of a generic function, too. Everything is an
expression where that is possible: `expr` and its kin use ``:=`` for temporaries and append to `out`
only the ``def`` of function literals.

Conventions
-----------
- Whole program: ONE dict of globals. Names in it: functions ``main.f``, ``main.(*T).m``,
  ``main.T.m``, ``main.Map[int,string]``; package variables ``main.x``; types ``type:…``; helpers
  ``go:…`` (`gosim.golang.values.HELPERS`).
- A callee owns what it gets: callers copy structs and arrays that somebody else still holds
  (`value`). So results, parameters, received values and fresh literals are never copied again.
- Every name of this interface that says *type* means a checker's type with the type parameters of
  the instance replaced (`self.typ`, `self.type_of`).
- `self.wait(call)` makes the ``await`` of a call that blocks.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from gosim.golang import ast as go
from gosim.golang.compile.build import Builder

if TYPE_CHECKING:
    from gosim.golang.compile.rtypes import TypeTable
    from gosim.golang.types.info import Info
    from gosim.golang.types.objects import Func, Object, Package, Var
    from gosim.golang.types.types import Signature, Type

__all__ = ["Base", "Place"]


class Place(Builder):
    """Somewhere that can be read and assigned to; its operands are already in temporaries.

    (Or are so simple that reading them twice is no matter; if `Base.place` was told that it is
    used once, they are evaluated by `load` or `store`.)
    """

    type: Type

    def load(self) -> ast.expr:
        """The value that is there."""
        raise NotImplementedError

    def store(self, value: ast.expr) -> list[ast.stmt]:
        """Assign `value`, which is a value of `type` that nobody else holds."""
        raise NotImplementedError


class Base(Builder):
    """State of the compilation of one function, and the methods that cross files."""

    # -- state (set by C2's FuncCompiler) ----------------------------------------------------------
    #: The package whose text this is, and what the checker found out about it.
    package: Package
    info: Info
    #: Types for the type parameters of the instance.
    subst: dict[Any, Type]
    #: Where statements go: now only ``def`` of function literals come from expressions.
    out: list[ast.stmt]
    #: The classes and run-time types of the whole program (C1).
    types: TypeTable
    #: Integer variables whose range is known: loop counters (C2 fills it, expressions use it).
    ranges: dict[Object, tuple[int, int]]
    #: What the whole program has in common (C2: package.py).
    program: Any
    #: The signature of the function (for return statements), gc's name of it.
    signature: Signature
    go_name: str

    # -- C1: expressions --------------------------------------------------------------------------

    def typ(self, e: go.Expr) -> Type:
        """The type of an expression (or the type it denotes), type parameters replaced."""
        raise NotImplementedError

    def resolve(self, t: Type) -> Type:
        """`t` with the type parameters of this instance replaced."""
        raise NotImplementedError

    def expr(self, e: go.Expr) -> ast.expr:
        """The value of `e` of its own type; a struct or array may be somebody's variable itself.

        A call with several results, and comma-ok forms recorded as tuples: a Python tuple.
        """
        raise NotImplementedError

    def value(self, e: go.Expr, target: Type | None = None) -> ast.expr:
        """The value of `e` as a variable of type `target` takes it: converted, and its own."""
        raise NotImplementedError

    def convert(self, x: ast.expr, source: Type, target: Type) -> ast.expr:
        """`x` of type `source` assigned to type `target`: boxed when it goes into an interface."""
        raise NotImplementedError

    def place(self, e: go.Expr, *, twice: bool = False) -> Place:
        """What stands left of ``=``; `twice`: it will be both read and written (``op=``, ``++``),
        or written later than its operands are evaluated (tuple assignment)."""
        raise NotImplementedError

    def arith(self, op: str, x: ast.expr, y: ast.expr, t: Type, line: int = 0) -> ast.expr:
        """``x op y`` of two values of type `t`, wrapped (``op=``, ``++``); shifts: y an int."""
        raise NotImplementedError

    def operate(
        self,
        op: str,
        x: ast.expr,
        y: ast.expr,
        t: Type,
        xs: tuple[int, int],
        ys: tuple[int, int],
    ) -> ast.expr:
        """As `arith`, of integers in the ranges `xs` and `ys` (`range_of`)."""
        raise NotImplementedError

    def range_of(self, e: go.Expr, depth: int = 6) -> tuple[int, int]:
        """Lowest and highest value that an integer expression can have."""
        raise NotImplementedError

    def note_range(self, v: Var, e: go.Expr) -> None:
        """Remember the range of a variable declared as `e` that never changes."""
        raise NotImplementedError

    def refined(self, cond: go.Expr, truth: bool) -> dict[Object, tuple[int, int]]:
        """What is known of variables where a condition is true, or false."""
        raise NotImplementedError

    def restore_ranges(self, known: dict[Object, tuple[int, int]]) -> None:
        """Forget what was learned about variables since `known` was copied."""
        raise NotImplementedError

    def equal(self, x: ast.expr, y: ast.expr, t: Type) -> ast.expr:
        """``x == y`` of two values of type `t` (``switch``)."""
        raise NotImplementedError

    def type_test(self, x: ast.expr, target: Type | None) -> ast.expr:
        """Whether the interface value `x` (a name) has dynamic type `target` or implements it;
        None: whether it is nil."""
        raise NotImplementedError

    def unbox(self, x: ast.expr, target: Type) -> ast.expr:
        """The value of type `target` that the interface value `x`, which has it, holds; its own."""
        raise NotImplementedError

    def zero(self, t: Type) -> ast.expr:
        """A new zero value."""
        raise NotImplementedError

    def copied(self, x: ast.expr, t: Type) -> ast.expr:
        """A copy of `x` where values of type `t` can be changed in place; else `x`."""
        raise NotImplementedError

    def call_parts(self, e: go.CallExpr) -> tuple[ast.expr, list[ast.expr]]:
        """Function and arguments of a call, as ``go`` and ``defer`` evaluate them at once.

        Built-in functions give a helper or lambda as function.
        """
        raise NotImplementedError

    def temp(self) -> str:
        """A new name for a temporary."""
        raise NotImplementedError

    # -- C2: functions, variables, colour ----------------------------------------------------------

    def func_lit(self, e: go.FuncLit) -> ast.expr:
        """A function literal: its ``def`` goes to `out`; the value (bound to captured cells)."""
        raise NotImplementedError

    def load_var(self, v: Var) -> ast.expr:
        """The value of a variable: local, captured, in a cell (``x.v``), of a package."""
        raise NotImplementedError

    def store_var(self, v: Var, value: ast.expr) -> list[ast.stmt]:
        """Assign to a variable; `value` is its own (a struct whose address was taken: assign)."""
        raise NotImplementedError

    def var_cell(self, v: Var) -> ast.expr:
        """The ``Cell`` of a variable whose address is taken (not a struct or array)."""
        raise NotImplementedError

    def held(self, v: Var) -> bool:
        """Whether a struct or array variable may be pointed at (so it is changed in place)."""
        raise NotImplementedError

    def func_ref(self, f: Func, type_args: list[Type]) -> ast.expr:
        """The Python function of a declared function or method (receiver first), for an instance.

        `type_args`: of the function, or of the receiver's type. Pointer-receiver methods get the
        struct object or pointer, value-receiver methods a value of their own.
        """
        raise NotImplementedError

    def blocks(self, e: go.CallExpr) -> bool:
        """Whether a call (not of a built-in) must be awaited."""
        raise NotImplementedError

    def wait(self, x: ast.expr) -> ast.expr:
        """``await x``."""
        return ast.Await(x, lineno=self.line, col_offset=0)

    def position(self, pos: int) -> int:
        """The line of a place in the Go source; also sets `line`."""
        raise NotImplementedError
