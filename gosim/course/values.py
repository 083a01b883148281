"""Texts with values in them: ``"sum: {n*(n-1)//2}"``.

Numbers differ from student to student, so the texts of an assignment and of its checks name them.
Only whole numbers, names and the four operations are known: a text cannot do anything.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any, Final

from gosim.runtime.errors import LoadError

Value = int | str

_PLACE: Final = re.compile(r"\{([^{}\n]+)\}")
_OPERATIONS: Final[dict[type, Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}


def evaluate(text: str, values: Mapping[str, Value]) -> Value:
    """Return the value of an expression.

    Raises
    ------
    LoadError
        When it is no expression of whole numbers and these names.
    """
    try:
        return _value(ast.parse(text.strip(), mode="eval").body, values)
    except (SyntaxError, KeyError, TypeError, ZeroDivisionError):
        known = ", ".join(values) or "none"
        raise LoadError(
            f"{{{text}}} is no expression of whole numbers and the parameters ({known})"
        ) from None


def _value(node: ast.expr, values: Mapping[str, Value]) -> Value:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, values), _value(node.right, values)
        if type(left) is int and type(right) is int and type(node.op) in _OPERATIONS:
            return _OPERATIONS[type(node.op)](left, right)  # type: ignore[no-any-return]
    raise TypeError


def fill(text: str, values: Mapping[str, Value]) -> str:
    """Return a text with every ``{expression}`` replaced by its value."""
    return _PLACE.sub(lambda found: str(evaluate(found[1], values)), text)


def fill_prose(text: str, values: Mapping[str, Value]) -> str:
    """Replace the ``{name}`` that are parameters, and nothing else: prose shows code, too."""
    return _PLACE.sub(lambda found: str(values[found[1]]) if found[1] in values else found[0], text)


def rename(text: str, names: Mapping[str, str]) -> str:
    """Return a text in which whole words are others."""
    if not names:
        return text
    words = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(names))) + r")\b")
    return words.sub(lambda found: names[found[0]], text)
