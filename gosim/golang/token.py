"""Go's tokens (spec, "Tokens"): a kind is the token's own text, or one of the names below.

``"+"``, ``"&^="``, ``"func"`` stand for themselves. The kinds of varying text are `IDENT`, the
five literals, `SEMICOLON` (whose text says where it came from: ``"semicolon"``, ``"newline"`` or
``"EOF"``, as Go's errors name it) and `EOF`.
"""

from __future__ import annotations

__all__ = [
    "ASSIGNMENTS",
    "CHAR",
    "EOF",
    "FLOAT",
    "IDENT",
    "IMAG",
    "INT",
    "KEYWORDS",
    "LITERALS",
    "OPERATORS",
    "PRECEDENCE",
    "SEMICOLON",
    "STRING",
    "UNARY",
]

IDENT = "name"
INT, FLOAT, IMAG, CHAR, STRING = "INT", "FLOAT", "IMAG", "CHAR", "STRING"
SEMICOLON = ";"
EOF = "EOF"

LITERALS = frozenset({INT, FLOAT, IMAG, CHAR, STRING})

KEYWORDS = frozenset(
    {
        "break",
        "case",
        "chan",
        "const",
        "continue",
        "default",
        "defer",
        "else",
        "fallthrough",
        "for",
        "func",
        "go",
        "goto",
        "if",
        "import",
        "interface",
        "map",
        "package",
        "range",
        "return",
        "select",
        "struct",
        "switch",
        "type",
        "var",
    }
)

#: Binary operators and how tightly they bind (spec, "Operator precedence").
PRECEDENCE = {
    **dict.fromkeys(["||"], 1),
    **dict.fromkeys(["&&"], 2),
    **dict.fromkeys(["==", "!=", "<", "<=", ">", ">="], 3),
    **dict.fromkeys(["+", "-", "|", "^"], 4),
    **dict.fromkeys(["*", "/", "%", "<<", ">>", "&", "&^"], 5),
}

UNARY = frozenset({"+", "-", "!", "^", "*", "&", "~"})

#: What Go's parser calls operators: neither ``*`` nor ``<-`` is one, ``!`` and ``~`` are.
OPERATORS = frozenset(PRECEDENCE.keys() - {"*"} | {"!", "~"})

#: ``op=`` → ``op``.
ASSIGNMENTS = {op + "=": op for op in ("+", "-", "|", "^", "*", "/", "%", "<<", ">>", "&", "&^")}
