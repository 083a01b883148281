"""Expressions as gofmt writes them, for texts that show a piece of the program (``go/printer``)."""

from __future__ import annotations

from gosim.golang import ast
from gosim.golang.position import FileSet

__all__ = ["Speller"]

_PRECEDENCE = {"||": 1, "&&": 2}
_PRECEDENCE.update(dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), 3))
_PRECEDENCE.update(dict.fromkeys(("+", "-", "|", "^"), 4))
_PRECEDENCE.update(dict.fromkeys(("*", "/", "%", "<<", ">>", "&", "&^"), 5))
#: Operators that would read as another one beside a unary operator, and how tightly they bind then.
_CLASHES = {"/*": 5, "&&": 5, "&^": 5, "++": 4, "--": 4}


class Speller:
    """Spells expressions of the files given.

    A deeper place in an expression leaves out the blanks around operators of higher precedence.
    """

    def __init__(self, files: FileSet) -> None:
        self.files = files

    def __call__(self, x: ast.Expr, depth: int = 1) -> str:
        match x:
            case ast.ParenExpr():
                return f"({self(x.x, max(depth - 1, 1))})"
            case ast.SelectorExpr():
                return f"{self(x.x, depth)}.{x.sel.name}"
            case ast.IndexExpr():
                return f"{self(x.x)}[{self(x.index, depth + 1)}]"
            case ast.IndexListExpr():
                return f"{self(x.x)}[{self._list(x.indices, depth + 1)}]"
            case ast.SliceExpr():
                return self._slice(x, depth)
            case ast.TypeAssertExpr():
                inside = "type" if x.type is None else self(x.type, depth)
                return f"{self(x.x, depth)}.({inside})"
            case ast.CallExpr():
                deeper = depth + (len(x.args) > 1)
                dots = "..." if x.ellipsis else ""
                return f"{self(x.fun, deeper)}({self._list(x.args, deeper)}{dots})"
            case ast.StarExpr():
                return f"*{self(x.x, depth)}"
            case ast.UnaryExpr():
                return f"{x.op}{self(x.x, depth)}"
            case ast.BinaryExpr():
                return self._binary(x, depth)
            case ast.KeyValueExpr():
                return f"{self(x.key)}: {self(x.value)}"
            case ast.CompositeLit():
                kind = "" if x.type is None else self(x.type)
                return f"{kind}{{{self._list(x.elts, 1)}}}"
            case ast.FuncLit():
                return self._verbatim(x.pos, x.body.rbrace)
            case ast.StructType():
                return self._verbatim(x.pos, x.fields.closing)
            case ast.InterfaceType():
                return self._verbatim(x.pos, x.methods.closing)
            case ast.FuncType():
                return f"func{self._signature(x)}"
            case ast.ArrayType():
                length = "" if x.len is None else self(x.len)
                return f"[{length}]{self(x.elt)}"
            case ast.MapType():
                return f"map[{self(x.key)}]{self(x.value)}"
            case ast.ChanType() if x.dir == ast.RECV:
                return f"<-chan {self(x.value)}"
            case ast.ChanType():
                return f"chan{'<-' if x.dir == ast.SEND else ''} {self(x.value)}"
            case ast.Ellipsis() if x.elt is not None:
                return f"...{self(x.elt)}"
        return ast.source_of(x)

    def _list(self, parts: list[ast.Expr], depth: int) -> str:
        return ", ".join([self(each, depth) for each in parts])

    def _fields(self, fields: ast.FieldList) -> str:
        parts = []
        for each in fields.list:
            names = ", ".join([name.name for name in each.names])
            parts.append(f"{names} {self(each.type)}" if names else self(each.type))
        return ", ".join(parts)

    def _signature(self, x: ast.FuncType) -> str:
        text = f"({self._fields(x.params)})"
        if x.results is None or not x.results.list:
            return text
        results = self._fields(x.results)
        alone = len(x.results.list) == 1 and not x.results.list[0].names
        return f"{text} {results}" if alone else f"{text} ({results})"

    def _slice(self, x: ast.SliceExpr, depth: int) -> str:
        indices = [x.low, x.high, *([] if x.max is None else [x.max])]
        given = [each for each in indices if each is not None]
        binary = any(isinstance(each, ast.BinaryExpr) for each in given)
        blank = " " if depth <= 1 and len(given) > 1 and binary else ""
        text = ""
        for i, each in enumerate(indices):
            if i > 0:
                text += (blank if indices[i - 1] is not None else "") + ":"
                text += blank if each is not None else ""
            if each is not None:
                text += self(each, depth + 1)
        return f"{self(x.x)}[{text}]"

    def _binary(self, x: ast.BinaryExpr, depth: int, cutoff: int | None = None) -> str:
        if cutoff is None:
            cutoff = _cutoff(x, depth)
        precedence = _PRECEDENCE[x.op]
        blank = " " if precedence < cutoff else ""
        left, same = x.x, isinstance(x.x, ast.BinaryExpr) and _PRECEDENCE[x.x.op] == precedence
        if isinstance(left, ast.BinaryExpr) and _PRECEDENCE[left.op] >= precedence:
            # A part of the same sum is written as the whole is.
            first = self._binary(left, depth + (not same), cutoff if same else None)
        else:
            first = self(left, depth + (not same))
        return f"{first}{blank}{x.op}{blank}{self(x.y, depth + 1)}"

    def _verbatim(self, first_pos: int, last: int) -> str:
        """Return a stretch of the source, moved to the left."""
        file = self.files.file(first_pos)
        start, end = first_pos - file.base, last - file.base + 1
        line = file.line_text(file.line(first_pos))
        indent = line[: len(line) - len(line.lstrip())]
        first, *rest = file.raw[start:end].split("\n")
        return "\n".join([first, *(each.removeprefix(indent) for each in rest)])


def _cutoff(x: ast.BinaryExpr, depth: int) -> int:
    """Return from which precedence on operators have no blanks around them."""
    has4, has5, clash = _walk(x)
    if clash:
        return clash + 1
    if has4 and has5:
        return 5 if depth == 1 else 4
    return 6 if depth == 1 else 4


def _walk(x: ast.BinaryExpr) -> tuple[bool, bool, int]:
    """Return whether there are sums and products in an expression, and the worst clash."""
    precedence = _PRECEDENCE[x.op]
    has4, has5, clash = precedence == 4, precedence == 5, 0
    parts: list[ast.Expr] = []
    if isinstance(x.x, ast.BinaryExpr) and _PRECEDENCE[x.x.op] >= precedence:
        parts.append(x.x)
    if isinstance(x.y, ast.BinaryExpr) and _PRECEDENCE[x.y.op] > precedence:
        parts.append(x.y)
    for each in parts:
        assert isinstance(each, ast.BinaryExpr)
        inner4, inner5, inner = _walk(each)
        has4, has5, clash = has4 or inner4, has5 or inner5, max(clash, inner)
    if isinstance(x.y, ast.StarExpr) and x.op == "/":
        clash = 5
    elif isinstance(x.y, ast.UnaryExpr):
        clash = max(clash, _CLASHES.get(x.op + x.y.op, 0))
    return has4, has5, clash
