"""Comments of the form ``//gosim:word argument`` above a declaration of a library package.

They say what the Go source of a model cannot: which Python class or function stands behind it
(``is``, ``calls``), that it may block (``blocks``), and since which toolchain Go has it
(``since``). `gosim.golang.library` tells what each means.
"""

from __future__ import annotations

import re

__all__ = ["directives"]

_BLOCK = re.compile(r"(?:^[ \t]*//.*\n)+", re.MULTILINE)
_DIRECTIVE = re.compile(r"^[ \t]*//gosim:(\w+)[ \t]*(.*)$", re.MULTILINE)


def directives(text: str) -> dict[int, dict[str, str]]:
    """Return the directives of a file by the line of the declaration they stand above.

    Examples
    --------
    >>> directives("package p\\n\\n// F does it.\\n//\\n//gosim:since 1.23\\nfunc F()\\n")
    {6: {'since': '1.23'}}
    """
    found: dict[int, dict[str, str]] = {}
    if "//gosim:" not in text:
        return found
    for block in _BLOCK.finditer(text):
        words = {m[1]: m[2].strip() for m in _DIRECTIVE.finditer(block[0])}
        if words:
            found[text.count("\n", 0, block.end()) + 1] = words
    return found
