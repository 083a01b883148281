"""How the fast form of a class is made from its source (see ``forms.py``)."""

from __future__ import annotations

import types
from typing import Any

VERSION = 1
"""Changes whenever what is made from the same source changes."""


def compile_fast(module: types.ModuleType, name: str) -> types.CodeType:
    """Return code that defines class `name` of `module` on top of ``_full``, blocks folded away.

    Line numbers and file are those of the original, so tracebacks and debuggers show its source.
    """
    import __future__

    import ast

    class Fold(ast.NodeTransformer):
        """Fold ``if OBSERVED`` as if OBSERVED were False."""

        def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
            self.generic_visit(node)
            test = node.test
            if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
                test = test.values[0]
            if isinstance(test, ast.Name) and test.id == "OBSERVED":
                return node.orelse or ast.copy_location(ast.Pass(), node)
            return node

    def is_observed(node: ast.stmt) -> bool:
        return isinstance(node, ast.FunctionDef) and any(
            isinstance(n, ast.Name) and n.id == "OBSERVED" for n in ast.walk(node)
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
