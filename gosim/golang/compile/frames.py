"""What large variables take of a goroutine's stack, where memory is simulated.

Go's frames are not known here. Arrays and large structs that are parameters or variables of a
function decide what they need; all else is taken to fit into the stack that is there.
"""

from __future__ import annotations

import ast
from typing import Any

from gosim.golang import ast as go
from gosim.golang.compile.layout import is_aggregate, size
from gosim.golang.compile.parts import Parts

__all__ = ["FrameMixin"]

#: Variables below this are not counted.
_LARGE = 1024


class FrameMixin(Parts):
    """Keeps account of the large variables of a function."""

    targets: list[Any]
    large: tuple[list[int], list[int]] | None = None

    def note_variable(self, v: Any, parameter: bool = False) -> None:
        """Note a parameter or variable that the function has on its stack."""
        if not self.types.counts:
            return
        t = self.resolve(v.type)
        if not is_aggregate(t) or self.types.is_native(t):
            return
        n = size(t)
        if n < _LARGE or getattr(v.memo, "captured", False):
            return
        if self.large is None:
            self.large = [], []
        self.large[0 if parameter else 1].append(n)

    def in_loop(self) -> bool:
        """Whether what is compiled now stands in a loop of its function."""
        return any(isinstance(t.node, (go.ForStmt, go.RangeStmt)) for t in self.targets)

    def decorators(self) -> list[ast.expr]:
        """What stands above the ``def``."""
        if self.large is None:
            return []
        args, variables = self.large
        words = [
            ast.keyword("args", self.const(sum(args)), lineno=self.line, col_offset=0),
            ast.keyword("variables", self.const(tuple(variables)), lineno=self.line, col_offset=0),
        ]
        return [ast.Call(self.helper("frame"), [], words, lineno=self.line, col_offset=0)]
