"""The second form of a class: the same source, in which some methods are coroutine functions."""

from __future__ import annotations
import __future__

import ast
import inspect
import sys
import textwrap
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

__all__ = ["awaiting"]


class _Await(ast.NodeTransformer):
    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        if node.name not in self.names:
            return node
        made = ast.AsyncFunctionDef(**{name: getattr(node, name) for name in node._fields})
        return ast.copy_location(made, node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        f = node.func
        if (
            isinstance(f, ast.Attribute)
            and isinstance(f.value, ast.Name)
            and f.value.id == "self"
            and f.attr in self.names
        ):
            return ast.copy_location(ast.Await(node), node)
        return node


async def _invoke(self: Any, function: Callable[..., Any], *args: Any) -> Any:
    """Call a function of the program that may be a coroutine function."""
    result = function(*args)
    return await result if isinstance(result, Awaitable) else result


def awaiting(cls: type, names: Iterable[str]) -> type:
    """Return `cls` with its methods `names` as coroutine functions that await one another.

    The method ``invoke``, which calls a function of the program, awaits what that returns.
    """
    lines, first = inspect.getsourcelines(cls)
    tree = _Await(frozenset(names)).visit(ast.parse(textwrap.dedent("".join(lines))))
    ast.increment_lineno(tree, first - 1)
    module = sys.modules[cls.__module__]
    code = compile(
        ast.fix_missing_locations(tree),
        module.__file__ or "<gosim>",
        "exec",
        flags=__future__.annotations.compiler_flag,
        dont_inherit=True,
    )
    scope: dict[str, Any] = {}
    exec(code, dict(vars(module)), scope)
    made: type = scope[cls.__name__]
    made.invoke = _invoke  # type: ignore[attr-defined]
    return made
