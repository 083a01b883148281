"""How the fast form of a class is made from its source (see ``forms.py``)."""

from __future__ import annotations

import types
from typing import Any

VERSION = 2
"""Changes whenever what is made from the same source changes."""


def compile_form(module: types.ModuleType, name: str, values: dict[str, bool]) -> types.CodeType:
    """Return code that defines class `name` of `module` on top of ``_full``, blocks folded away.

    Line numbers and file are those of the original, so tracebacks and debuggers show its source.

    Parameters
    ----------
    values : dict
        What the constants are in this form: ``{"OBSERVED": False}``.
    """
    import __future__

    import ast

    class Fold(ast.NodeTransformer):
        """Fold ``if NAME`` and ``if NAME and ...`` as if NAME had its value."""

        def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
            self.generic_visit(node)
            test, rest = node.test, []
            if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
                test, *rest = test.values
            if not isinstance(test, ast.Name) or test.id not in values:
                return node
            if not values[test.id]:
                return node.orelse or ast.copy_location(ast.Pass(), node)
            if not rest:
                return node.body
            node.test = rest[0] if len(rest) == 1 else ast.BoolOp(ast.And(), rest)
            return node

    def is_observed(node: ast.stmt) -> bool:
        return isinstance(node, ast.FunctionDef) and any(
            isinstance(n, ast.Name) and n.id in values for n in ast.walk(node)
        )

    loader: Any = module.__loader__
    if hasattr(loader, "get_source"):
        source = loader.get_source(module.__name__)
    else:  # pytest's, for example
        with open(module.__file__ or "", encoding="utf-8") as f:
            source = f.read()
    definition = next(
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and node.name == name
    )
    fast: Any = ast.parse(f"class {name}(_full):\n    __slots__ = ()").body[0]
    fast.body += [Fold().visit(node) for node in definition.body if is_observed(node)]
    tree = ast.fix_missing_locations(ast.Module(body=[fast], type_ignores=[]))
    code: types.CodeType = compile(
        tree,
        module.__file__ or "<gosim>",
        "exec",
        dont_inherit=True,
        flags=__future__.annotations.compiler_flag,
    )
    return code
