"""What the files about statements know of each other: state, and methods that cross files."""

from __future__ import annotations

import ast
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING, Any

from gosim.golang import ast as go
from gosim.golang.compile.base import Base

if TYPE_CHECKING:
    from gosim.golang.compile.analysis import Body
    from gosim.golang.compile.colour import Function
    from gosim.golang.compile.loops import Target
    from gosim.golang.types.objects import Var
    from gosim.golang.types.types import Type

__all__ = ["Parts"]


class Parts(Base):
    """Base of the mixins of `FuncCompiler` that compile statements."""

    #: The function, or the literal in it, that is compiled; the compiler of the one around it.
    function: Function
    body: Body
    parent: Any
    #: It is a coroutine function; how often something was awaited so far.
    blocking: bool
    waits: int
    #: What `break`, `continue` and `goto` may refer to; flags of jumps; the label that was read.
    targets: list[Target]
    flags: list[str]
    label: str = ""
    #: Variables that the statement assigns to (places.py).
    reassigned: Container[Any]
    #: Names for ``nonlocal``; results and their types.
    nonlocals: dict[str, None]
    result_vars: list[Any]
    result_types: list[Any]
    #: Of the body of a range over a function: its two variables, how it is left, its label.
    range_state: str
    range_how: str
    range_exits: dict[tuple[str, str], int]
    range_label: str

    # -- functions.py -----------------------------------------------------------------------------

    def open(self) -> None:
        """Begin a block."""
        raise NotImplementedError

    def close(self) -> None:
        """End a block."""
        raise NotImplementedError

    def name_var(self, v: Var) -> str:
        """Give a variable its Python name."""
        raise NotImplementedError

    def var_name(self, v: Var) -> str:
        """Return the Python name of a variable."""
        raise NotImplementedError

    def kind_of(self, v: Var) -> str:
        """Say where a variable lives."""
        raise NotImplementedError

    def declare(self, v: Var, value: ast.expr) -> None:
        """Begin the life of a variable."""
        raise NotImplementedError

    def passed(self, body: Body) -> list[Any]:
        """Return the variables that a function literal gets as default values."""
        raise NotImplementedError

    def define(self, names: list[str], defaults: list[ast.expr], line: int) -> ast.stmt:
        """Put the ``def`` around what was compiled."""
        raise NotImplementedError

    def result_value(self) -> ast.expr | None:
        """What the function returns, from the places of its results."""
        raise NotImplementedError

    # -- statements.py ----------------------------------------------------------------------------

    def stmt(self, s: go.Stmt | None) -> None:
        """Compile one statement."""
        raise NotImplementedError

    def statements(self, statements: Sequence[go.Stmt]) -> list[ast.stmt]:
        """Compile the statements of a block."""
        raise NotImplementedError

    def block(self, statements: Sequence[go.Stmt]) -> list[ast.stmt]:
        """Compile a block with a scope of its own."""
        raise NotImplementedError

    def ends(self, made: Sequence[ast.stmt]) -> bool:
        """Whether nothing can run behind these statements."""
        raise NotImplementedError

    def quiet(self, e: go.Expr) -> bool:
        """Whether `e` calls nothing and waits for nothing."""
        raise NotImplementedError

    def is_blank(self, e: go.Expr) -> bool:
        """Whether `e` is ``_``."""
        raise NotImplementedError

    def is_local(self, e: go.Expr) -> bool:
        """Whether `e` is a variable that is simply a Python local, or blank."""
        raise NotImplementedError

    def local_target(self, e: go.Expr) -> ast.expr:
        """That local, to be assigned to."""
        raise NotImplementedError

    def same_type(self, a: Type, b: Type) -> bool:
        """Whether two types are identical."""
        raise NotImplementedError

    # -- loops.py, switches.py --------------------------------------------------------------------

    def break_(self) -> ast.stmt:
        """Python's ``break``."""
        raise NotImplementedError

    def take_label(self) -> str:
        """Return the label of the statement that begins."""
        raise NotImplementedError

    def breaks(self, body: Sequence[Any], label: str) -> bool:
        """Whether statements contain a ``break`` out of the statement they are in."""
        raise NotImplementedError

    def branch_stmt(self, s: go.BranchStmt) -> None:
        """A jump."""
        raise NotImplementedError

    def after_loop(self, t: Target) -> None:
        """Go on with the jumps that left a loop."""
        raise NotImplementedError

    def endless(self, made: list[ast.stmt], busy: bool = True) -> None:
        """Emit a loop without end of its own."""
        raise NotImplementedError

    def over_range(self, name: str, args: list[ast.expr], made: list[ast.stmt], busy: bool) -> None:
        """Emit a loop over a range of numbers."""
        raise NotImplementedError

    def is_fixed(self, e: go.Ident, changed: set[Any]) -> bool:
        """Whether a variable stays what it is in all turns of a loop."""
        raise NotImplementedError

    def has_goto_labels(self, statements: Sequence[go.Stmt]) -> bool:
        """Whether a ``goto`` jumps to one of these statements."""
        raise NotImplementedError

    def goto_block(self, statements: Sequence[go.Stmt]) -> None:
        """Compile a block with labels that ``goto`` jumps to."""
        raise NotImplementedError

    def breakable(self, s: go.Stmt, bodies: Sequence[go.Stmt], label: str, make: Any) -> None:
        """Compile a statement that ``break`` leaves."""
        raise NotImplementedError

    def in_loop(self) -> bool:
        """Whether what is compiled now stands in a loop of its function (frames.py)."""
        raise NotImplementedError

    # -- ranges.py, defers.py ---------------------------------------------------------------------

    def leave_range_body(self, number: int) -> None:
        """Leave the body of a range over a function for good."""
        raise NotImplementedError

    def leave_range_with(self, tok: str, label: str) -> None:
        """Jump out of the body of a range over a function."""
        raise NotImplementedError

    def home_function(self) -> Any:
        """The compiler of the function that this is a part of."""
        raise NotImplementedError

    def leave_function(self) -> None:
        """Return what stands in the places of the results."""
        raise NotImplementedError

    def set_result_of(self, home: Any, i: int, value: ast.expr) -> list[ast.stmt]:
        """Assign to a result of the function around."""
        raise NotImplementedError
