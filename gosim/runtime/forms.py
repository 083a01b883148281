"""One body per operation, in two forms.

An operation is written once, in its *full* form: it announces itself to an exploring policy and
tells observers what it did, in blocks marked ``if OBSERVED:``.  A plain run needs none of that, so
``@two_forms`` derives the *fast* form of a class mechanically: the same source with every
``if OBSERVED:`` block folded away, compiled once at import with the line numbers of the original.
A world picks its form when it is made (``World.full``) and never tests again.

Considered and put aside: testing a flag in each operation (14-22 % of a channel operation, measured
in ``docs/performance.md``), and two hand-written bodies (they drift apart).
"""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Awaitable, Callable, Generator
from copy import deepcopy
from typing import Any, Final, TypeVar

OBSERVED: Final = True
"""True in the full form; the fast form is compiled as if it were False."""

Op = Generator[object, None, Any]
"""What an operation is: a generator that yields only when the goroutine must stop."""

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)

operation_codes: set[types.CodeType] = set()
"""Code objects of all operations: how an operation that nobody awaited is recognised."""


def operation(function: F) -> F:
    """Make a generator function awaitable from ``async def`` code and register it."""
    made = types.coroutine(function)
    operation_codes.add(made.__code__)
    return made  # type: ignore[no-any-return]


class _Fold(ast.NodeTransformer):
    """Fold ``if OBSERVED`` as if OBSERVED were False."""

    @staticmethod
    def _is_observed(test: ast.expr) -> bool:
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            test = test.values[0]
        return isinstance(test, ast.Name) and test.id == "OBSERVED"

    def visit_If(self, node: ast.If) -> Any:
        self.generic_visit(node)
        if self._is_observed(node.test):
            return node.orelse or None
        return node


_parsed: dict[str, ast.Module] = {}


def _source_tree(module_name: str) -> ast.Module:
    tree = _parsed.get(module_name)
    if tree is None:
        module = sys.modules[module_name]
        source = module.__loader__.get_source(module_name)  # type: ignore[union-attr]
        tree = _parsed[module_name] = ast.parse(source)
    return tree


def two_forms(cls: C) -> C:
    """Give a class its fast form: ``cls.Fast``, a subclass without the ``if OBSERVED:`` blocks.

    Methods that have no such block are inherited, so the fast class holds only what differs.
    """
    definition = next(
        node
        for node in _source_tree(cls.__module__).body
        if isinstance(node, ast.ClassDef) and node.name == cls.__name__
    )
    body: list[ast.stmt] = []
    for node in definition.body:
        if isinstance(node, ast.FunctionDef) and _mentions_observed(node):
            body.append(_Fold().visit(deepcopy(node)))
    slots = ast.parse("__slots__ = ()").body
    fast = ast.ClassDef(
        name=cls.__name__,
        bases=[ast.Name(id="_full", ctx=ast.Load())],
        keywords=[],
        body=[*slots, *body],
        decorator_list=[],
    )
    if sys.version_info >= (3, 12):
        fast.type_params = []
    tree = ast.fix_missing_locations(ast.Module(body=[fast], type_ignores=[]))
    module = sys.modules[cls.__module__]
    local: dict[str, Any] = {}
    scope = dict(module.__dict__) if "_full" in module.__dict__ else module.__dict__
    code = compile(
        tree, module.__file__ or "<gosim>", "exec", dont_inherit=True, flags=_ANNOTATIONS
    )
    scope["_full"] = cls
    try:
        exec(code, scope, local)
    finally:
        del scope["_full"]
    made = local[cls.__name__]
    made.__module__ = cls.__module__
    cls.Fast = made  # type: ignore[attr-defined]
    return cls


_ANNOTATIONS = __import__("__future__").annotations.compiler_flag


def _mentions_observed(node: ast.AST) -> bool:
    return any(isinstance(n, ast.Name) and n.id == "OBSERVED" for n in ast.walk(node))


def in_form(cls: Any, world: Any) -> Any:
    """Return the form of `cls` that `world` uses; for the ``__new__`` of a two-form class."""
    if not world.full:
        cls = cls.__dict__.get("Fast", cls)
    if world.complaints is not None:
        from gosim.runtime.tracked import tracked_form

        return tracked_form(cls)
    return cls


def invoke(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Generator[Any, None, Any]:
    """Call a user's function that may be plain or a coroutine function; use with ``yield from``."""
    result = function(*args, **kwargs)
    if isinstance(result, types.GeneratorType | Awaitable):
        return (yield from _wait_for(result))
    return result


@types.coroutine
def _wait_for(awaitable: Any) -> Generator[Any, None, Any]:
    return (yield from (awaitable if hasattr(awaitable, "send") else awaitable.__await__()))
