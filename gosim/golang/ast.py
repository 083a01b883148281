"""The syntax tree of Go, with the names of Go's ``go/ast``.

Fields are Go's in snake_case (``else_``, ``for_``, ``if_``, ``return_``, ``from_`` where Python
takes the word); every field that ends in a place is a `gosim.golang.position` integer. Operators
and keywords stand as their own text. Nodes are compared and hashed by identity, so that they can be
keys of what later stages find out about them; nobody changes a tree once it is parsed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import TypeAlias

from gosim.golang.position import NO_POS

__all__ = [
    "RECV",
    "SEND",
    "ArrayType",
    "AssignStmt",
    "BadExpr",
    "BadStmt",
    "BasicLit",
    "BinaryExpr",
    "BlockStmt",
    "BranchStmt",
    "CallExpr",
    "CaseClause",
    "ChanType",
    "CommClause",
    "CompositeLit",
    "Decl",
    "DeclStmt",
    "DeferStmt",
    "Ellipsis",
    "EmptyStmt",
    "Expr",
    "ExprStmt",
    "Field",
    "FieldList",
    "File",
    "ForStmt",
    "FuncDecl",
    "FuncLit",
    "FuncType",
    "GenDecl",
    "GoStmt",
    "Ident",
    "IfStmt",
    "ImportSpec",
    "IncDecStmt",
    "IndexExpr",
    "IndexListExpr",
    "InterfaceType",
    "KeyValueExpr",
    "LabeledStmt",
    "MapType",
    "Node",
    "ParenExpr",
    "RangeStmt",
    "ReturnStmt",
    "SelectStmt",
    "SelectorExpr",
    "SendStmt",
    "SliceExpr",
    "Spec",
    "StarExpr",
    "Stmt",
    "StructType",
    "SwitchStmt",
    "TypeAssertExpr",
    "TypeSpec",
    "TypeSwitchStmt",
    "UnaryExpr",
    "ValueSpec",
    "children",
    "node_pos",
    "source_of",
    "start_pos",
    "unparen",
    "walk",
]

#: For classes whose field `list` hides Python's.
Statements: TypeAlias = "list[Stmt]"

#: Directions of a channel (`ChanType.dir`).
SEND, RECV = 1, 2


class Node:
    """A piece of syntax; `pos` is where it begins."""

    __slots__ = ()

    @property
    def pos(self) -> int:
        """Where it begins."""
        raise NotImplementedError


class Expr(Node):
    """An expression or a type."""

    __slots__ = ()


class Stmt(Node):
    """A statement."""

    __slots__ = ()


class Spec(Node):
    """One entry of a declaration."""

    __slots__ = ()


class Decl(Node):
    """A declaration at top level."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Ident(Expr):
    """A name."""

    name_pos: int
    name: str

    @property
    def pos(self) -> int:
        return self.name_pos


@dataclass(slots=True, eq=False)
class BadExpr(Expr):
    """Where an expression should be and none was found."""

    from_: int
    to: int

    @property
    def pos(self) -> int:
        return self.from_


@dataclass(slots=True, eq=False)
class Ellipsis(Expr):
    """``...T`` in a parameter list, or the length of ``[...]T``."""

    ellipsis: int
    elt: Expr | None

    @property
    def pos(self) -> int:
        return self.ellipsis


@dataclass(slots=True, eq=False)
class BasicLit(Expr):
    """A literal; `kind` is one of `gosim.golang.token.LITERALS`, `value` its source text."""

    value_pos: int
    kind: str
    value: str

    @property
    def pos(self) -> int:
        return self.value_pos


@dataclass(slots=True, eq=False)
class FuncLit(Expr):
    """A function literal."""

    type: FuncType
    body: BlockStmt

    @property
    def pos(self) -> int:
        return self.type.func


@dataclass(slots=True, eq=False)
class CompositeLit(Expr):
    """``T{...}``; inside another one the type may be left out."""

    type: Expr | None
    lbrace: int
    elts: list[Expr]
    rbrace: int

    @property
    def pos(self) -> int:
        return _leftmost(self)


@dataclass(slots=True, eq=False)
class ParenExpr(Expr):
    """``(x)``."""

    lparen: int
    x: Expr
    rparen: int

    @property
    def pos(self) -> int:
        return self.lparen


@dataclass(slots=True, eq=False)
class SelectorExpr(Expr):
    """``x.sel``."""

    x: Expr
    sel: Ident

    @property
    def pos(self) -> int:
        return _leftmost(self)


@dataclass(slots=True, eq=False)
class IndexExpr(Expr):
    """``x[i]``: an element, or a generic function or type with one type argument."""

    x: Expr
    lbrack: int
    index: Expr
    rbrack: int

    @property
    def pos(self) -> int:
        return _leftmost(self)


@dataclass(slots=True, eq=False)
class IndexListExpr(Expr):
    """``x[t1, t2]``."""

    x: Expr
    lbrack: int
    indices: list[Expr]
    rbrack: int

    @property
    def pos(self) -> int:
        return _leftmost(self)


@dataclass(slots=True, eq=False)
class SliceExpr(Expr):
    """``x[low:high:max]``."""

    x: Expr
    lbrack: int
    low: Expr | None
    high: Expr | None
    max: Expr | None
    slice3: bool
    rbrack: int

    @property
    def pos(self) -> int:
        return _leftmost(self)


@dataclass(slots=True, eq=False)
class TypeAssertExpr(Expr):
    """``x.(T)``; ``x.(type)`` has no type."""

    x: Expr
    lparen: int
    type: Expr | None
    rparen: int

    @property
    def pos(self) -> int:
        return _leftmost(self)


@dataclass(slots=True, eq=False)
class CallExpr(Expr):
    """A call or a conversion; `ellipsis` is the place of ``...``."""

    fun: Expr
    lparen: int
    args: list[Expr]
    ellipsis: int
    rparen: int

    @property
    def pos(self) -> int:
        return _leftmost(self)


@dataclass(slots=True, eq=False)
class StarExpr(Expr):
    """``*x``: what a pointer points at, or a pointer type."""

    star: int
    x: Expr

    @property
    def pos(self) -> int:
        return self.star


@dataclass(slots=True, eq=False)
class UnaryExpr(Expr):
    """``op x``, ``<-`` among the operators."""

    op_pos: int
    op: str
    x: Expr

    @property
    def pos(self) -> int:
        return self.op_pos


@dataclass(slots=True, eq=False)
class BinaryExpr(Expr):
    """``x op y``."""

    x: Expr
    op_pos: int
    op: str
    y: Expr

    @property
    def pos(self) -> int:
        return _leftmost(self)


@dataclass(slots=True, eq=False)
class KeyValueExpr(Expr):
    """``key: value`` in a composite literal."""

    key: Expr
    colon: int
    value: Expr

    @property
    def pos(self) -> int:
        return _leftmost(self)


@dataclass(slots=True, eq=False)
class ArrayType(Expr):
    """``[len]elt``; without a length a slice type."""

    lbrack: int
    len: Expr | None
    elt: Expr

    @property
    def pos(self) -> int:
        return self.lbrack


@dataclass(slots=True, eq=False)
class StructType(Expr):
    """``struct{...}``."""

    struct: int
    fields: FieldList

    @property
    def pos(self) -> int:
        return self.struct


@dataclass(slots=True, eq=False)
class FuncType(Expr):
    """A signature; `func` is `NO_POS` in an interface."""

    func: int
    type_params: FieldList | None
    params: FieldList
    results: FieldList | None

    @property
    def pos(self) -> int:
        return self.func or self.params.pos


@dataclass(slots=True, eq=False)
class InterfaceType(Expr):
    """``interface{...}``: methods have names, embedded elements none."""

    interface: int
    methods: FieldList

    @property
    def pos(self) -> int:
        return self.interface


@dataclass(slots=True, eq=False)
class MapType(Expr):
    """``map[key]value``."""

    map: int
    key: Expr
    value: Expr

    @property
    def pos(self) -> int:
        return self.map


@dataclass(slots=True, eq=False)
class ChanType(Expr):
    """A channel type; `dir` is a sum of `SEND` and `RECV`."""

    begin: int
    arrow: int
    dir: int
    value: Expr

    @property
    def pos(self) -> int:
        return self.begin


@dataclass(slots=True, eq=False)
class Field(Node):
    """Names that share a type: a parameter, field, method or, without names, an embedded one."""

    names: list[Ident]
    type: Expr
    tag: BasicLit | None

    @property
    def pos(self) -> int:
        return self.names[0].pos if self.names else self.type.pos


@dataclass(slots=True, eq=False)
class FieldList(Node):
    """Fields between brackets; a single result has none."""

    opening: int
    list: list[Field]
    closing: int

    @property
    def pos(self) -> int:
        return self.opening or (self.list[0].pos if self.list else NO_POS)


@dataclass(slots=True, eq=False)
class BadStmt(Stmt):
    """Where a statement should be and none was found."""

    from_: int
    to: int

    @property
    def pos(self) -> int:
        return self.from_


@dataclass(slots=True, eq=False)
class DeclStmt(Stmt):
    """A declaration inside a function."""

    decl: GenDecl

    @property
    def pos(self) -> int:
        return self.decl.pos


@dataclass(slots=True, eq=False)
class EmptyStmt(Stmt):
    """Nothing; `implicit` when not even ``;`` is there."""

    semicolon: int
    implicit: bool

    @property
    def pos(self) -> int:
        return self.semicolon


@dataclass(slots=True, eq=False)
class LabeledStmt(Stmt):
    """``label: stmt``."""

    label: Ident
    colon: int
    stmt: Stmt

    @property
    def pos(self) -> int:
        return self.label.pos


@dataclass(slots=True, eq=False)
class ExprStmt(Stmt):
    """An expression on its own."""

    x: Expr

    @property
    def pos(self) -> int:
        return self.x.pos


@dataclass(slots=True, eq=False)
class SendStmt(Stmt):
    """``chan <- value``."""

    chan: Expr
    arrow: int
    value: Expr

    @property
    def pos(self) -> int:
        return self.chan.pos


@dataclass(slots=True, eq=False)
class IncDecStmt(Stmt):
    """``x++`` and ``x--``."""

    x: Expr
    tok_pos: int
    tok: str

    @property
    def pos(self) -> int:
        return self.x.pos


@dataclass(slots=True, eq=False)
class AssignStmt(Stmt):
    """``lhs tok rhs`` with ``=``, ``:=`` or ``op=``."""

    lhs: list[Expr]
    tok_pos: int
    tok: str
    rhs: list[Expr]

    @property
    def pos(self) -> int:
        return self.lhs[0].pos


@dataclass(slots=True, eq=False)
class GoStmt(Stmt):
    """``go call``; that it is a call is for the checker to say."""

    go: int
    call: Expr

    @property
    def pos(self) -> int:
        return self.go


@dataclass(slots=True, eq=False)
class DeferStmt(Stmt):
    """``defer call``; that it is a call is for the checker to say."""

    defer: int
    call: Expr

    @property
    def pos(self) -> int:
        return self.defer


@dataclass(slots=True, eq=False)
class ReturnStmt(Stmt):
    """``return results``."""

    return_: int
    results: list[Expr]

    @property
    def pos(self) -> int:
        return self.return_


@dataclass(slots=True, eq=False)
class BranchStmt(Stmt):
    """``break``, ``continue``, ``goto`` and ``fallthrough``."""

    tok_pos: int
    tok: str
    label: Ident | None

    @property
    def pos(self) -> int:
        return self.tok_pos


@dataclass(slots=True, eq=False)
class BlockStmt(Stmt):
    """``{...}``."""

    lbrace: int
    list: list[Stmt]
    rbrace: int

    @property
    def pos(self) -> int:
        return self.lbrace


@dataclass(slots=True, eq=False)
class IfStmt(Stmt):
    """``if init; cond {...} else ...``."""

    if_: int
    init: Stmt | None
    cond: Expr
    body: BlockStmt
    else_: Stmt | None

    @property
    def pos(self) -> int:
        return self.if_


@dataclass(slots=True, eq=False)
class CaseClause(Stmt):
    """A case of a switch; `list` is None for ``default``."""

    case: int
    list: list[Expr] | None
    colon: int
    body: Statements

    @property
    def pos(self) -> int:
        return self.case


@dataclass(slots=True, eq=False)
class SwitchStmt(Stmt):
    """``switch init; tag {...}``."""

    switch: int
    init: Stmt | None
    tag: Expr | None
    body: BlockStmt

    @property
    def pos(self) -> int:
        return self.switch


@dataclass(slots=True, eq=False)
class TypeSwitchStmt(Stmt):
    """``switch init; x := y.(type) {...}``; `assign` is ``x := y.(type)`` or ``y.(type)``."""

    switch: int
    init: Stmt | None
    assign: Stmt
    body: BlockStmt

    @property
    def pos(self) -> int:
        return self.switch


@dataclass(slots=True, eq=False)
class CommClause(Stmt):
    """A case of a select; `comm` is None for ``default``."""

    case: int
    comm: Stmt | None
    colon: int
    body: list[Stmt]

    @property
    def pos(self) -> int:
        return self.case


@dataclass(slots=True, eq=False)
class SelectStmt(Stmt):
    """``select {...}``."""

    select: int
    body: BlockStmt

    @property
    def pos(self) -> int:
        return self.select


@dataclass(slots=True, eq=False)
class ForStmt(Stmt):
    """``for init; cond; post {...}``."""

    for_: int
    init: Stmt | None
    cond: Expr | None
    post: Stmt | None
    body: BlockStmt

    @property
    def pos(self) -> int:
        return self.for_


@dataclass(slots=True, eq=False)
class RangeStmt(Stmt):
    """``for key, value tok range x {...}``; `extra` holds variables beyond the two allowed."""

    for_: int
    key: Expr | None
    value: Expr | None
    tok_pos: int
    tok: str
    range: int
    x: Expr
    body: BlockStmt
    extra: list[Expr]

    @property
    def pos(self) -> int:
        return self.for_


@dataclass(slots=True, eq=False)
class ImportSpec(Spec):
    """One import; `name` may be ``.`` or ``_``."""

    name: Ident | None
    path: BasicLit

    @property
    def pos(self) -> int:
        return self.path.pos if self.name is None else self.name.pos


@dataclass(slots=True, eq=False)
class ValueSpec(Spec):
    """Constants or variables declared together."""

    names: list[Ident]
    type: Expr | None
    values: list[Expr]

    @property
    def pos(self) -> int:
        return self.names[0].pos


@dataclass(slots=True, eq=False)
class TypeSpec(Spec):
    """One type; `assign` is the place of ``=`` in an alias."""

    name: Ident
    type_params: FieldList | None
    assign: int
    type: Expr

    @property
    def pos(self) -> int:
        return self.name.pos


@dataclass(slots=True, eq=False)
class GenDecl(Decl):
    """``import``, ``const``, ``type`` or ``var``, as `tok` says."""

    tok_pos: int
    tok: str
    lparen: int
    specs: list[Spec]
    rparen: int

    @property
    def pos(self) -> int:
        return self.tok_pos


@dataclass(slots=True, eq=False)
class FuncDecl(Decl):
    """A function or, with a receiver, a method; without a body it is made elsewhere."""

    recv: FieldList | None
    name: Ident
    type: FuncType
    body: BlockStmt | None

    @property
    def pos(self) -> int:
        return self.type.func


@dataclass(slots=True, eq=False)
class File(Node):
    """A Go file."""

    package: int
    name: Ident
    decls: list[Decl]
    imports: list[ImportSpec]
    directives: list[tuple[int, str]]

    @property
    def pos(self) -> int:
        return self.package


#: Nodes that begin where their first part does.
_FIRST_PART = {
    SelectorExpr: "x",
    IndexExpr: "x",
    IndexListExpr: "x",
    SliceExpr: "x",
    TypeAssertExpr: "x",
    CallExpr: "fun",
    BinaryExpr: "x",
    KeyValueExpr: "key",
    CompositeLit: "type",
}


def _leftmost(node: Node) -> int:
    # A loop, because sums and unions of thousands of terms lean to the left.
    while part := _FIRST_PART.get(type(node)):
        first = getattr(node, part)
        if first is None:
            assert isinstance(node, CompositeLit)
            return node.lbrace
        node = first
    return node.pos


def start_pos(node: Node) -> int:
    """Return where the gc compiler reports an error in `node`.

    That is where it begins, except that a slice expression counts from its bracket on, a function
    type from its parameters on.
    """
    while part := _FIRST_PART.get(type(node)):
        if type(node) is SliceExpr:
            return node.lbrack
        first = getattr(node, part)
        if first is None:
            assert isinstance(node, CompositeLit)
            return node.lbrace
        node = first
    return node_pos(node) if type(node) is FuncType else node.pos


def node_pos(node: Node) -> int:
    """Return the place gc's tree has for an expression: mostly that of its operator or bracket.

    Errors that name no expression, such as those of type inference, are reported there.
    """
    match node:
        case BinaryExpr():
            return node.op_pos
        case CallExpr():
            return node.lparen
        case IndexExpr() | IndexListExpr() | SliceExpr():
            return node.lbrack
        case SelectorExpr():
            return node.sel.pos - 1
        case TypeAssertExpr():
            return node.lparen - 1
        case CompositeLit():
            return node.lbrace
        case FuncType():
            return (node.type_params or node.params).opening
    return node.pos


def unparen(x: Expr) -> Expr:
    """Strip the parentheses around an expression."""
    while isinstance(x, ParenExpr):
        x = x.x
    return x


_FIELDS: dict[type[Node], tuple[str, ...]] = {}


def _field_names(kind: type[Node]) -> tuple[str, ...]:
    names = _FIELDS.get(kind)
    if names is None:
        assert is_dataclass(kind)
        names = _FIELDS[kind] = tuple(f.name for f in fields(kind))
    return names


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below `node`, in source order as far as the fields are."""
    for name in _field_names(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, list):
            for each in value:
                if isinstance(each, Node):
                    yield each


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and everything below it, parents first."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(children(node))))


def source_of(node: Node) -> str:
    """Spell an expression or simple statement as the gc compiler does in its messages.

    Function bodies, composite literals, structs and interfaces are shortened to ``…``.
    """
    return _source(node)


def _list(nodes: list[Expr]) -> str:
    # Lists, not generators: from Python to Python, a call takes no C stack, however deep.
    return ", ".join([_source(x) for x in nodes])


def _fields(parts: FieldList, separator: str) -> str:
    shown = []
    for part in parts.list:
        text = _source(part.type)
        if part.names:
            text = ", ".join([name.name for name in part.names]) + " " + text
        shown.append(text)
    return separator.join(shown)


def _signature(x: FuncType) -> str:
    text = f"({_fields(x.params, ', ')})"
    if x.results is not None and x.results.list:
        results = _fields(x.results, ", ")
        single = len(x.results.list) == 1 and not x.results.list[0].names
        text += f" {results}" if single else f" ({results})"
    return text


def _source(x: Node) -> str:
    match x:
        case Ident():
            return x.name
        case BasicLit():
            return x.value
        case BadExpr():
            return "<bad expr>"
        case ParenExpr():
            return f"({_source(x.x)})"
        case SelectorExpr():
            return f"{_source(x.x)}.{x.sel.name}"
        case IndexExpr():
            return f"{_source(x.x)}[{_source(x.index)}]"
        case IndexListExpr():
            return f"{_source(x.x)}[{_list(x.indices)}]"
        case SliceExpr():
            parts = [x.low, x.high, x.max] if x.max is not None else [x.low, x.high]
            return f"{_source(x.x)}[{':'.join(['' if p is None else _source(p) for p in parts])}]"
        case TypeAssertExpr():
            return f"{_source(x.x)}.({'type' if x.type is None else _source(x.type)})"
        case CallExpr():
            return f"{_source(x.fun)}({_list(x.args)}{'...' if x.ellipsis else ''})"
        case StarExpr():
            return f"*{_source(x.x)}"
        case UnaryExpr():
            # gc's parser drops parentheses behind &.
            return f"{x.op}{_source(unparen(x.x) if x.op == '&' else x.x)}"
        case BinaryExpr():
            return f"{_source(x.x)} {x.op} {_source(x.y)}"
        case KeyValueExpr():
            return f"{_source(x.key)}: {_source(x.value)}"
        case CompositeLit():
            inside = "…" if x.elts else ""
            return f"{'' if x.type is None else _source(x.type)}{{{inside}}}"
        case FuncLit():
            inside = "…" if x.body.list else ""
            return f"func{_signature(x.type)} {{{inside}}}"
        case Ellipsis():
            return f"...{'' if x.elt is None else _source(x.elt)}"
        case ArrayType():
            return f"[{'' if x.len is None else _source(x.len)}]{_source(x.elt)}"
        case StructType():
            return f"struct{{{_fields(x.fields, '; ')}}}"
        case InterfaceType():
            methods = [
                f"{m.names[0].name}{_signature(m.type)}"
                if m.names and isinstance(m.type, FuncType)
                else _source(m.type)
                for m in x.methods.list
            ]
            return f"interface{{{'; '.join(methods)}}}"
        case FuncType():
            return f"func{_signature(x)}"
        case MapType():
            return f"map[{_source(x.key)}]{_source(x.value)}"
        case ChanType():
            element = _source(x.value)
            if x.dir == SEND:
                return f"chan<- {element}"
            if x.dir == RECV:
                return f"<-chan {element}"
            inner = isinstance(x.value, ChanType) and x.value.dir == RECV
            return f"chan ({element})" if inner else f"chan {element}"
        case ExprStmt():
            return _source(x.x)
        case SendStmt():
            return f"{_source(x.chan)} <- {_source(x.value)}"
        case IncDecStmt():
            return f"{_source(x.x)}{x.tok}"
        case AssignStmt():
            return f"{_list(x.lhs)} {x.tok} {_list(x.rhs)}"
        case _:
            raise TypeError(f"{type(x).__name__} has no short spelling")
