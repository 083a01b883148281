"""From tokens to the syntax tree of `gosim.golang.ast`, for the syntax of Go 1.27.

The grammar is the spec's; each method names its production. Where a program is wrong, the parser
says what the gc compiler says, at the same place, and recovers as it does, because what it skips
decides which errors follow (``cmd/compile/internal/syntax/parser.go`` is the authority for both).
What the spec forbids but gc's parser lets pass is left to the type checker.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gosim.golang.ast import (
    RECV,
    SEND,
    ArrayType,
    AssignStmt,
    BadExpr,
    BasicLit,
    BinaryExpr,
    BlockStmt,
    BranchStmt,
    CallExpr,
    CaseClause,
    ChanType,
    CommClause,
    CompositeLit,
    Decl,
    DeclStmt,
    DeferStmt,
    Ellipsis,
    EmptyStmt,
    Expr,
    ExprStmt,
    Field,
    FieldList,
    File,
    ForStmt,
    FuncDecl,
    FuncLit,
    FuncType,
    GenDecl,
    GoStmt,
    Ident,
    IfStmt,
    ImportSpec,
    IncDecStmt,
    IndexExpr,
    IndexListExpr,
    InterfaceType,
    KeyValueExpr,
    LabeledStmt,
    MapType,
    ParenExpr,
    RangeStmt,
    ReturnStmt,
    SelectorExpr,
    SelectStmt,
    SendStmt,
    SliceExpr,
    Spec,
    StarExpr,
    Stmt,
    StructType,
    SwitchStmt,
    TypeAssertExpr,
    TypeSpec,
    TypeSwitchStmt,
    UnaryExpr,
    ValueSpec,
    source_of,
    unparen,
)
from gosim.golang.branches import check_branches
from gosim.golang.collector import uncollected
from gosim.golang.errors import ErrorList
from gosim.golang.position import NO_POS, FileSet, SourceFile
from gosim.golang.scanner import scan
from gosim.golang.token import (
    ASSIGNMENTS,
    EOF,
    IDENT,
    KEYWORDS,
    LITERALS,
    OPERATORS,
    PRECEDENCE,
    SEMICOLON,
    STRING,
    UNARY,
)

__all__ = ["parse_file", "parse_source"]

#: Python frames that one parse may use; a nesting of Go takes about six of them a level.
_DEPTH = 60_000

_KEEP_GOING = frozenset(
    {"break", "const", "continue", "defer", "fallthrough", "for", "go", "goto"}
    | {"if", "return", "select", "switch", "type", "var"}
)
_TOP_LEVEL = ("import", "const", "type", "var", "func")
_STATEMENT_STARTS = frozenset(
    {"func", "(", "[", "struct", "map", "chan", "interface", "<-"}
    | LITERALS
    | {"+", "-", "*", "&", "^", "!", "~"}
) - {"~"}
_TYPE_LITERALS = (ArrayType, StructType, FuncType, InterfaceType, MapType, ChanType)
_VALUES = (BasicLit, CompositeLit, FuncLit, SliceExpr, TypeAssertExpr, CallExpr)


def parse_source(name: str, source: str | bytes) -> tuple[File | None, FileSet, ErrorList]:
    """Parse one file on its own; the tree is None when its package clause is wrong.

    >>> tree, files, errors = parse_source("a.go", "package a\\nfunc f() { x := }\\n")
    >>> [str(e) for e in errors]
    ['a.go:2:17: syntax error: unexpected }, expected expression']
    """
    files = FileSet()
    errors = ErrorList(files)
    return parse_file(files.add(name, source), errors), files, errors


def parse_file(file: SourceFile, errors: ErrorList) -> File | None:
    """Parse `file` and add what is wrong with it to `errors`.

    Returns
    -------
    File or None
        The tree, with `BadExpr` where nothing else fits; None when the package clause is wrong.
    """
    parser = _Parser(file)
    with uncollected(), _deep_recursion():
        try:
            tree = parser.file()
        except RecursionError:
            tree = None
            parser.error_at(parser.pos, "syntax error: nesting too deep")
    parser.hand_over(errors)
    return tree


@contextmanager
def _deep_recursion() -> Iterator[None]:
    # Since Python 3.11 calls between Python functions take no C stack: deep is only large.
    before = sys.getrecursionlimit()
    if before < _DEPTH:
        sys.setrecursionlimit(_DEPTH)
    try:
        yield
    finally:
        if before < _DEPTH:
            sys.setrecursionlimit(before)


class _Param:
    """One entry of a parameter list before it is known which words are names."""

    __slots__ = ("name", "type")

    def __init__(self, name: Ident | None, type: Expr | None) -> None:
        self.name = name
        self.type = type


class _Parser:
    __slots__ = (
        "_errors",
        "_lexical",
        "bad",
        "depth",
        "directives",
        "i",
        "kinds",
        "level",
        "places",
        "reported",
        "source",
        "texts",
        "tok",
    )

    def __init__(self, source: SourceFile) -> None:
        tokens = scan(source)
        self.source = source
        self.kinds = tokens.kinds
        self.texts = tokens.texts
        self.places = tokens.places
        self.bad = tokens.bad
        self.directives = tokens.directives
        self.i = 0
        self.tok = tokens.kinds[0]
        #: How many functions we are in.
        self.depth = 0
        #: Above or below zero: a ``{`` after a name may begin a literal, or must begin a block.
        self.level = 0
        self._lexical = tokens.errors
        #: (index of the token we were at, place, text)
        self._errors: list[tuple[int, int, str]] = []
        #: Errors of the parser alone, without those about labels.
        self.reported = 0

    # -- tokens --------------------------------------------------------------------------------

    @property
    def pos(self) -> int:
        return self.places[self.i]

    def next(self) -> None:
        self.i = i = self.i + 1
        self.tok = self.kinds[i]

    def got(self, tok: str) -> bool:
        if self.tok == tok:
            self.i = i = self.i + 1
            self.tok = self.kinds[i]
            return True
        return False

    def want(self, tok: str) -> int:
        """Step over `tok` or complain; return where it is or should be."""
        pos = self.places[self.i]
        if self.tok == tok:
            self.i = i = self.i + 1
            self.tok = self.kinds[i]
        else:
            self.syntax_error("expected " + _spell(tok))
            self.advance()
        return pos

    def got_assign(self) -> int:
        """Step over ``=``, or over ``:=`` with a complaint; return where it is, or `NO_POS`."""
        pos = self.pos
        if self.tok == ":=":
            self.syntax_error("expected =")
        elif self.tok != "=":
            return NO_POS
        self.next()
        return pos

    # -- errors --------------------------------------------------------------------------------

    def hand_over(self, errors: ErrorList) -> None:
        """Give all errors away in the order in which Go's compiler, which scans and parses in
        turns, would have found them."""
        found = [(index, 0, pos, text) for index, pos, text in self._lexical if index <= self.i]
        found += [(index, 1, pos, text) for index, pos, text in self._errors]
        found.sort(key=lambda error: error[:2])
        for _, _, pos, text in found:
            errors.add(pos, text)

    def seen_errors(self) -> int:
        """How many errors there were up to the token we are at."""
        count = self.reported
        for index, _, _ in self._lexical:
            if index > self.i:
                break
            count += 1
        return count

    def error_at(self, pos: int, message: str) -> None:
        self.reported += 1
        self._errors.append((self.i, pos, message))

    def syntax_error(self, message: str) -> None:
        self.syntax_error_at(self.pos, message)

    def syntax_error_at(self, pos: int, message: str) -> None:
        if self.tok == EOF and self.seen_errors():
            return  # it would only follow from the others
        if message.startswith(("in ", "at ", "after ")):
            message = f"unexpected {self.found()} {message}"
        elif message.startswith("expected "):
            message = f"unexpected {self.found()}, {message}"
        self.error_at(pos, "syntax error: " + message)

    def found(self) -> str:
        """Name the current token as Go's errors do."""
        tok, text = self.tok, self.texts[self.i]
        if tok == IDENT:
            return f"name {text}"
        if tok == SEMICOLON:
            return text
        if tok in LITERALS:
            return f"literal {text}"
        return _spell(tok)

    def advance(self, *follow: str) -> None:
        """Skip to a token of `follow` (or, in functions, one that begins a statement); skip
        exactly one when `follow` is empty."""
        if not follow:
            if self.tok != EOF:
                self.next()
            return
        stop = {EOF, *follow}
        if self.depth > 0:
            stop |= _KEEP_GOING
        while self.tok not in stop:
            self.next()

    def bad_expr(self, pos: int | None = None) -> BadExpr:
        if pos is None:
            pos = self.pos
        return BadExpr(pos, pos)

    # -- files ---------------------------------------------------------------------------------

    def file(self) -> File | None:
        """SourceFile = PackageClause ";" { ImportDecl ";" } { TopLevelDecl ";" } ."""
        package = self.pos
        if not self.got("package"):
            self.syntax_error("package statement must be first")
            return None
        name = self.name()
        self.want(SEMICOLON)
        if self.seen_errors():
            return None
        decls: list[Decl] = []
        imports: list[ImportSpec] = []
        before = "import"
        while self.tok != EOF:
            tok = self.tok
            if tok == "import" and before != "import":
                self.syntax_error("imports must appear before other declarations")
            before = tok
            if tok == "func":
                decls.append(self.func_decl())
            elif tok == "import":
                decl = self.gen_decl(self.import_spec)
                imports.extend(spec for spec in decl.specs if isinstance(spec, ImportSpec))
                decls.append(decl)
            elif tok == "const":
                decls.append(self.gen_decl(self.const_spec))
            elif tok == "type":
                decls.append(self.gen_decl(self.type_spec))
            elif tok == "var":
                decls.append(self.gen_decl(self.var_spec))
            else:
                last = decls[-1] if decls else None
                if tok == "{" and isinstance(last, FuncDecl) and last.body is None:
                    self.syntax_error("unexpected semicolon or newline before {")
                else:
                    self.syntax_error("non-declaration statement outside function body")
                self.advance(*_TOP_LEVEL)
                continue
            if self.tok != EOF and not self.got(SEMICOLON):
                self.syntax_error("after top level declaration")
                self.advance(*_TOP_LEVEL)
        return File(package, name, decls, imports, self.directives)

    # -- declarations --------------------------------------------------------------------------

    def bracketed(
        self, context: str, separator: str, close: str, element: Callable[[], bool]
    ) -> int:
        """[ element { separator element } [ separator ] ] close; ends early when `element` says so.

        Returns the place of `close`.
        """
        done = False
        while self.tok != close and self.tok != EOF and not done:
            done = element()
            if self.tok == separator:
                self.next()
            elif self.tok != close:
                missing = f"possibly missing {_spell(separator)} or {_spell(close)}"
                self.syntax_error(f"in {context}; {missing}")
                self.advance(")", "]", "}")
                if self.tok != close:
                    return self.pos
        return self.want(close)

    def gen_decl(self, spec: Callable[[], Spec]) -> GenDecl:
        """Keyword ( Spec | "(" { Spec ";" } ")" ) ."""
        tok_pos, tok = self.pos, self.tok
        self.next()
        specs: list[Spec] = []
        lparen = rparen = NO_POS
        if self.tok == "(":
            lparen = self.pos
            self.next()

            def element() -> bool:
                specs.append(spec())
                return False

            rparen = self.bracketed("grouped declaration", SEMICOLON, ")", element)
        else:
            specs.append(spec())
        return GenDecl(tok_pos, tok, lparen, specs, rparen)

    def import_spec(self) -> ImportSpec:
        """ImportSpec = [ "." | PackageName ] ImportPath ."""
        name = None
        if self.tok == IDENT:
            name = self.name()
        elif self.tok == ".":
            name = Ident(self.pos, ".")
            self.next()
        path = self.literal_or_none()
        if path is None:
            pos = self.pos
            self.syntax_error("missing import path")
            self.advance(SEMICOLON, ")")
            return ImportSpec(name, BasicLit(pos, STRING, '""'))
        if path.kind != STRING and path.value_pos not in self.bad:
            self.syntax_error_at(path.value_pos, "import path must be a string")
        return ImportSpec(name, path)

    def const_spec(self) -> ValueSpec:
        """ConstSpec = IdentifierList [ [ Type ] "=" ExpressionList ] ."""
        names = self.names(self.name())
        type_: Expr | None = None
        values: list[Expr] = []
        if self.tok not in (EOF, SEMICOLON, ")"):
            type_ = self.type_or_none()
            if self.got_assign():
                values = self.exprs()
        return ValueSpec(names, type_, values)

    def var_spec(self) -> ValueSpec:
        """VarSpec = IdentifierList ( Type [ "=" ExpressionList ] | "=" ExpressionList ) ."""
        names = self.names(self.name())
        type_: Expr | None = None
        values: list[Expr] = []
        if self.got_assign():
            values = self.exprs()
        else:
            type_ = self.type_()
            if self.got_assign():
                values = self.exprs()
        return ValueSpec(names, type_, values)

    def type_spec(self) -> TypeSpec:
        """TypeSpec = identifier [ TypeParams ] [ "=" ] Type .

        After ``T [`` only what follows tells an array length from type parameters: ``T [P *C]``
        may be either, and is an array unless the second part can only be a type or a comma follows.
        """
        name = self.name()
        params: FieldList | None = None
        assign = NO_POS
        type_: Expr | None
        if self.tok == "[":
            lbrack = self.pos
            self.next()
            if self.tok == IDENT:
                x: Expr = self.name()
                if self.tok != "[":
                    self.level += 1
                    x = self.binary_rest(self.primary_rest(x), 0)
                    self.level -= 1
                first, bound = _split_type_param(x, self.tok == ",")
                if first is not None and (bound is not None or self.tok != "]"):
                    params = self.params(lbrack, "]", first, bound, named=True)
                    assign = self.got_assign()
                    type_ = self.type_or_none()
                else:
                    type_ = self.array_type(lbrack, x)
            elif self.tok == "]":
                self.next()
                type_ = ArrayType(lbrack, None, self.type_())
            else:
                type_ = self.array_type(lbrack, None)
        else:
            assign = self.got_assign()
            type_ = self.type_or_none()
        if type_ is None:
            type_ = self.bad_expr()
            self.syntax_error("in type declaration")
            self.advance(SEMICOLON, ")")
        return TypeSpec(name, params, assign, type_)

    def func_decl(self) -> FuncDecl:
        """FuncDecl, MethodDecl = "func" [ Receiver ] Name [ TypeParams ] Signature [ Block ] ."""
        func = self.pos
        self.next()
        receiver: FieldList | None = None
        if self.tok == "(":
            lparen = self.pos
            self.next()
            receiver = self.params(lparen, ")")
            count = sum(len(field.names) or 1 for field in receiver.list)
            if count == 0:
                self.error_at(self.pos, "method has no receiver")
            elif count > 1:
                self.error_at(self.pos, "method has multiple receivers")
        if self.tok == IDENT:
            name = self.name()
            signature = self.func_type("", func)
        else:
            pos = self.pos
            name = Ident(pos, "_")
            signature = FuncType(func, None, FieldList(pos, [], pos), None)
            self.syntax_error("expected name" if receiver is not None else "expected name or (")
            self.advance("{", SEMICOLON)
        body = self.func_body() if self.tok == "{" else None
        return FuncDecl(receiver, name, signature, body)

    def func_body(self) -> BlockStmt:
        self.depth += 1
        before = self.seen_errors()
        body = self.block("")
        self.depth -= 1
        # In what is left after a syntax error, labels may be missing without being forgotten.
        if before == self.seen_errors():
            for pos, message in check_branches(body, self.source):
                self._errors.append((self.i, pos, message))
        return body

    # -- expressions ---------------------------------------------------------------------------

    def expr(self) -> Expr:
        """Expression = UnaryExpr | Expression binary_op Expression ."""
        x = self.unary()
        if self.tok in PRECEDENCE:
            return self.binary_rest(x, 0)
        return x

    def binary_rest(self, x: Expr, above: int) -> Expr:
        """Go on after the left operand `x` while operators bind tighter than `above`."""
        binding = PRECEDENCE.get
        while True:
            op = self.tok
            precedence = binding(op, 0)
            if precedence <= above:
                return x
            pos = self.places[self.i]
            self.next()
            y = self.unary()
            if binding(self.tok, 0) > precedence:
                y = self.binary_rest(y, precedence)
            x = BinaryExpr(x, pos, op, y)

    def unary(self) -> Expr:
        """UnaryExpr = PrimaryExpr | unary_op UnaryExpr ."""
        tok = self.tok
        if tok == IDENT or (tok not in UNARY and tok != "<-"):
            return self.primary()
        pos = self.pos
        self.next()
        if tok == "*":
            return StarExpr(pos, self.unary())
        if tok != "<-":
            return UnaryExpr(pos, tok, self.unary())
        x = self.unary()
        if not isinstance(x, ChanType):
            return UnaryExpr(pos, tok, x)
        # `<-chan T` was read as a receive from `chan T`: the arrow belongs to the type, and pushes
        # the arrows of `<-chan<- chan T` one channel further in.
        inner: Expr = x
        arrow, direction = pos, SEND
        while direction == SEND:
            if not isinstance(inner, ChanType):
                break
            direction = inner.dir
            if direction == RECV:
                self.syntax_error("unexpected <-, expected chan")
            inner.begin, inner.arrow, arrow = arrow, arrow, inner.arrow
            inner.dir = RECV
            inner = inner.value
        if direction == SEND:
            self.syntax_error(f"unexpected {source_of(inner)}, expected chan")
        return x

    def primary(self) -> Expr:
        """PrimaryExpr = Operand | PrimaryExpr ( Selector | Index | Slice | … | Arguments ) ."""
        if self.tok == IDENT:
            i = self.i
            x: Expr = Ident(self.places[i], self.texts[i])
            self.i = i = i + 1
            self.tok = tok = self.kinds[i]
            if tok != "." and tok != "(" and tok != "[" and tok != "{":
                return x
            return self.primary_rest(x)
        return self.primary_rest(self.operand())

    def operand(self) -> Expr:
        """Operand = Literal | OperandName | "(" Expression ")" ; types, too."""
        tok, pos = self.tok, self.pos
        if tok in LITERALS:
            x = BasicLit(pos, tok, self.texts[self.i])
            self.next()
            return x
        if tok == IDENT:
            return self.name()
        if tok == "(":
            self.next()
            self.level += 1
            inside = self.expr()
            self.level -= 1
            return ParenExpr(pos, inside, self.want(")"))
        if tok == "func":
            self.next()
            signature = self.func_type("function type", pos)
            if self.tok == "{":
                self.level += 1
                body = self.func_body()
                self.level -= 1
                return FuncLit(signature, body)
            return signature
        if tok in ("[", "chan", "map", "struct", "interface"):
            return self.type_()
        missing = self.bad_expr()
        self.syntax_error("expected expression")
        self.advance(")", "]", "}")
        return missing

    def primary_rest(self, x: Expr) -> Expr:
        """Go on after the operand `x`."""
        while True:
            tok = self.tok
            if tok == ".":
                self.next()
                if self.tok == IDENT:
                    i = self.i
                    x = SelectorExpr(x, Ident(self.places[i], self.texts[i]))
                    self.i = i = i + 1
                    self.tok = self.kinds[i]
                elif self.tok == "(":
                    lparen = self.pos
                    self.next()
                    type_ = None if self.got("type") else self.type_()
                    x = TypeAssertExpr(x, lparen, type_, self.want(")"))
                else:
                    self.syntax_error("expected name or (")
                    self.advance(SEMICOLON, ")")
            elif tok == "(":
                lparen = self.places[self.i]
                self.next()
                args: list[Expr] = []
                ellipsis = NO_POS
                lost = False
                self.level += 1
                while self.tok != ")" and self.tok != EOF and not ellipsis:
                    args.append(self.expr())
                    if self.tok == "...":
                        ellipsis = self.pos
                        self.next()
                    if self.tok == ",":
                        self.next()
                    elif self.tok != ")":
                        self.syntax_error("in argument list; possibly missing comma or )")
                        self.advance(")", "]", "}")
                        lost = self.tok != ")"
                        break
                rparen = self.pos if lost else self.want(")")
                self.level -= 1
                x = CallExpr(x, lparen, args, ellipsis, rparen)
            elif tok == "[":
                x = self.index(x)
            elif tok == "{":
                bare = unparen(x)
                if isinstance(bare, Ident | SelectorExpr):
                    fits = self.level >= 0
                elif isinstance(bare, IndexExpr | IndexListExpr):
                    fits = self.level >= 0 and not _is_value(bare)
                else:
                    fits = isinstance(bare, ArrayType | StructType | MapType)
                if not fits:
                    return x
                if bare is not x:
                    self.syntax_error("cannot parenthesize type in composite literal")
                x = self.composite(x)
            else:
                return x

    def index(self, x: Expr) -> Expr:
        """Index, Slice or type arguments: what follows ``x [`` ."""
        lbrack = self.pos
        self.next()
        low: Expr | None = None
        if self.tok != ":":
            comma = False
            if self.tok == "]":
                self.syntax_error("expected operand")
                indices: list[Expr] = [self.bad_expr()]
            else:
                indices, comma = self.type_args(strict=False)
            if comma or self.tok == "]":
                rbrack = self.want("]")
                if len(indices) == 1:
                    return IndexExpr(x, lbrack, indices[0], rbrack)
                return IndexListExpr(x, lbrack, indices, rbrack)
            low = indices[0]
        if not self.got(":"):
            self.syntax_error("expected comma, : or ]")
            self.advance(",", ":", "]")
        self.level += 1
        high: Expr | None = None
        most: Expr | None = None
        three = False
        if self.tok not in (":", "]"):
            high = self.expr()
        if self.tok == ":":
            three = True
            if high is None:
                self.error_at(self.pos, "middle index required in 3-index slice")
                high = self.bad_expr()
            self.next()
            if self.tok == "]":
                self.error_at(self.pos, "final index required in 3-index slice")
                most = self.bad_expr()
            else:
                most = self.expr()
        self.level -= 1
        return SliceExpr(x, lbrack, low, high, most, three, self.want("]"))

    def composite(self, type_: Expr | None) -> CompositeLit:
        """LiteralValue = "{" [ ElementList [ "," ] ] "}" ."""
        self.level += 1
        lbrace = self.want("{")
        elements: list[Expr] = []
        lost = False
        while self.tok != "}" and self.tok != EOF:
            x = self.composite(None) if self.tok == "{" else self.expr()
            if self.tok == ":":
                colon = self.pos
                self.next()
                value = self.composite(None) if self.tok == "{" else self.expr()
                x = KeyValueExpr(x, colon, value)
            elements.append(x)
            if self.tok == ",":
                self.next()
            elif self.tok != "}":
                self.syntax_error("in composite literal; possibly missing comma or }")
                self.advance(")", "]", "}")
                lost = self.tok != "}"
                break
        rbrace = self.pos if lost else self.want("}")
        self.level -= 1
        return CompositeLit(type_, lbrace, elements, rbrace)

    # -- types ---------------------------------------------------------------------------------

    def type_(self) -> Expr:
        found = self.type_or_none()
        if found is None:
            found = self.bad_expr()
            self.syntax_error("expected type")
            self.advance(",", ":", SEMICOLON, ")", "]", "}")
        return found

    def type_or_none(self) -> Expr | None:
        """Type = TypeName [ TypeArgs ] | TypeLit | "(" Type ")" ."""
        tok, pos = self.tok, self.pos
        if tok == IDENT:
            return self.qualified_name(None)
        if tok == "*":
            self.next()
            return StarExpr(pos, self.type_())
        if tok == "[":
            self.next()
            if self.got("]"):
                return ArrayType(pos, None, self.type_())
            return self.array_type(pos, None)
        if tok == "func":
            self.next()
            return self.func_type("function type", pos)
        if tok == "map":
            self.next()
            self.want("[")
            key = self.type_()
            self.want("]")
            return MapType(pos, key, self.type_())
        if tok == "chan":
            self.next()
            arrow = self.pos
            if self.got("<-"):
                return ChanType(pos, arrow, SEND, self.chan_element())
            return ChanType(pos, NO_POS, SEND | RECV, self.chan_element())
        if tok == "<-":
            self.next()
            self.want("chan")
            return ChanType(pos, pos, RECV, self.chan_element())
        if tok == "struct":
            return self.struct_type()
        if tok == "interface":
            return self.interface_type()
        if tok == "(":
            self.next()
            inside = self.type_()
            return ParenExpr(pos, inside, self.want(")"))
        return None

    def func_type(self, context: str, func: int) -> FuncType:
        """[ TypeParams ] Signature; with a `context`, type parameters are refused in its name."""
        pos = self.pos
        type_params: FieldList | None = None
        if self.got("["):
            if context:
                self.syntax_error_at(pos, context + " must have no type parameters")
            if self.tok == "]":
                self.syntax_error("empty type parameter list")
                self.next()
            else:
                type_params = self.params(pos, "]", named=True)
        lparen = self.want("(")
        params = self.params(lparen, ")", variadic=True)
        return FuncType(func, type_params, params, self.func_result())

    def func_result(self) -> FieldList | None:
        """Result = Parameters | Type ."""
        if self.tok == "(":
            lparen = self.pos
            self.next()
            return self.params(lparen, ")")
        single = self.type_or_none()
        if single is None:
            return None
        return FieldList(NO_POS, [Field([], single, None)], NO_POS)

    def array_type(self, lbrack: int, length: Expr | None) -> ArrayType:
        """What follows ``[``, or ``[`` and the length."""
        if length is None:
            pos = self.pos
            if self.got("..."):
                length = Ellipsis(pos, None)
            else:
                self.level += 1
                length = self.expr()
                self.level -= 1
        if self.tok == ",":
            self.syntax_error("unexpected comma; expected ]")
            self.next()
        self.want("]")
        return ArrayType(lbrack, length, self.type_())

    def chan_element(self) -> Expr:
        found = self.type_or_none()
        if found is None:
            found = self.bad_expr()
            self.syntax_error("missing channel element type")
        return found

    def struct_type(self) -> StructType:
        """StructType = "struct" "{" { FieldDecl ";" } "}" ."""
        struct = self.want("struct")
        lbrace = self.want("{")
        fields: list[Field] = []

        def element() -> bool:
            self.field_decl(fields)
            return False

        rbrace = self.bracketed("struct type", SEMICOLON, "}", element)
        return StructType(struct, FieldList(lbrace, fields, rbrace))

    def field_decl(self, fields: list[Field]) -> None:
        """FieldDecl = ( IdentifierList Type | EmbeddedField ) [ Tag ] ."""
        pos, tok = self.pos, self.tok
        names: list[Ident] = []
        type_: Expr
        if tok == IDENT:
            name = self.name()
            if self.tok in (".", SEMICOLON, "}") or self.tok in LITERALS:
                type_ = self.qualified_name(name)
            else:
                names = self.names(name)
                if len(names) == 1 and self.tok == "[":
                    # `T [n]E` is a field T, `T[P]` an embedded T of P.
                    type_ = self.array_or_type_args(name)
                    if not isinstance(type_, ArrayType):
                        names = []
                else:
                    type_ = self.type_()
        elif tok == "*":
            self.next()
            if self.tok == "(":
                self.syntax_error("cannot parenthesize embedded type")
                self.next()
                type_ = StarExpr(pos, self.qualified_name(None))
                self.got(")")
            else:
                type_ = StarExpr(pos, self.qualified_name(None))
        elif tok == "(":
            self.syntax_error("cannot parenthesize embedded type")
            self.next()
            star = self.pos
            if self.got("*"):
                type_ = StarExpr(star, self.qualified_name(None))
            else:
                type_ = self.qualified_name(None)
            self.got(")")
        else:
            self.syntax_error("expected field name or embedded type")
            self.advance(SEMICOLON, "}")
            return
        fields.append(Field(names, type_, self.literal_or_none()))

    def array_or_type_args(self, name: Ident) -> Expr:
        """What follows a name that may be a field's or a generic type's, from ``[`` on."""
        lbrack = self.want("[")
        if self.got("]"):
            return ArrayType(lbrack, None, self.type_())
        indices, comma = self.type_args(strict=False)
        rbrack = self.want("]")
        if not comma:
            element = self.type_or_none()
            if element is not None:
                return ArrayType(lbrack, indices[0], element)
        if len(indices) == 1:
            return IndexExpr(name, lbrack, indices[0], rbrack)
        return IndexListExpr(name, lbrack, indices, rbrack)

    def interface_type(self) -> InterfaceType:
        """InterfaceType = "interface" "{" { ( MethodElem | TypeElem ) ";" } "}" ."""
        interface = self.want("interface")
        lbrace = self.want("{")
        methods: list[Field] = []

        def element() -> bool:
            method = self.method_decl() if self.tok == IDENT else None
            if method is None:
                method = Field([], self.type_term(), None)
            if not method.names:
                method.type = self.type_union(method.type)
            methods.append(method)
            return False

        rbrace = self.bracketed("interface type", SEMICOLON, "}", element)
        return InterfaceType(interface, FieldList(lbrace, methods, rbrace))

    def method_decl(self) -> Field:
        """A method, or the first term of an embedded element."""
        context = "interface method"
        name = self.name()
        if self.tok == "(":
            return Field([name], self.func_type(context, NO_POS), None)
        if self.tok != "[":
            return Field([], self.qualified_name(name), None)
        lbrack = self.pos
        self.next()
        if self.tok == "]":
            pos = self.pos
            self.next()
            if self.tok == "(":
                self.error_at(pos, "empty type parameter list")
                return Field([name], self.func_type(context, NO_POS), None)
            self.error_at(pos, "empty type argument list")
            return Field([], name, None)
        # Read as parameters; if none has a name they are type arguments.
        params = self.params(lbrack, "]")
        if not params.list:
            if self.tok == "(":
                return Field([name], self.func_type(context, NO_POS), None)
            return Field([], name, None)
        if params.list[0].names:
            method = Field([name], self.func_type(context, NO_POS), None)
            self.error_at(lbrack, "interface method must have no type parameters")
            return method
        types = [field.type for field in params.list]
        if len(types) == 1:
            return Field([], IndexExpr(name, lbrack, types[0], params.closing), None)
        return Field([], IndexListExpr(name, lbrack, types, params.closing), None)

    def type_union(self, x: Expr) -> Expr:
        """TypeElem = TypeTerm { "|" TypeTerm } , after the first term."""
        while self.tok == "|":
            pos = self.pos
            self.next()
            x = BinaryExpr(x, pos, "|", self.type_term())
        return x

    def type_term(self) -> Expr:
        """TypeTerm = Type | "~" Type ."""
        pos = self.pos
        if self.got("~"):
            return UnaryExpr(pos, "~", self.type_())
        found = self.type_or_none()
        if found is None:
            found = self.bad_expr()
            self.syntax_error("expected ~ term or type")
            self.advance(*OPERATORS, SEMICOLON, ")", "]", "}")
        return found

    def param(self, name: Ident | None, close: str) -> _Param | None:
        """ParameterDecl = [ identifier ] [ "..." ] Type, or a bare name that shares a type."""
        sets = close == "]"  # in type parameters `|` and `~` build constraints
        if name is None and sets and self.tok == "~":
            return _Param(None, self.type_union(self.type_term()))
        if name is None and self.tok == IDENT:
            name = self.name()
        if name is not None:
            if self.tok == "[":
                type_ = self.array_or_type_args(name)
                named = name if isinstance(type_, ArrayType) else None
                return _Param(named, self.type_union(type_) if sets else type_)
            if self.tok == ".":
                type_ = self.qualified_name(name)
                return _Param(None, self.type_union(type_) if sets else type_)
            if sets and self.tok == "|":
                return _Param(None, self.type_union(name))
        if self.tok == "...":
            pos = self.pos
            self.next()
            element = self.type_or_none()
            if element is None:
                missing = self.bad_expr()
                self.syntax_error("... is missing type")
                return _Param(name, missing)
            return _Param(name, Ellipsis(pos, element))
        if sets and self.tok == "~":
            return _Param(name, self.type_union(self.type_term()))
        found = self.type_or_none()
        if sets and found is not None:
            found = self.type_union(found)
        if name is not None or found is not None:
            return _Param(name, found)
        self.syntax_error("expected " + _spell(close))
        self.advance(",", close)
        return None

    def params(
        self,
        opening: int,
        close: str,
        name: Ident | None = None,
        bound: Expr | None = None,
        *,
        named: bool = False,
        variadic: bool = False,
    ) -> FieldList:
        """Parameters = "(" [ ParameterList [ "," ] ] ")" , after the bracket.

        `name` and `bound` are what was read of the first one already. `named` asks for names (type
        parameters), `variadic` allows ``...`` at the end.
        """
        if name is not None and bound is not None and self.tok == close:
            closing = self.pos
            self.next()
            return FieldList(opening, [Field([name], bound, None)], closing)
        found: list[_Param] = []

        def element() -> bool:
            nonlocal name, bound
            param = _Param(name, bound) if bound is not None else self.param(name, close)
            name = bound = None
            if param is not None:
                found.append(param)
            return False

        closing = self.bracketed("parameter list", ",", close, element)
        if not found:
            return FieldList(opening, [], closing)
        with_both = sum(1 for p in found if p.name is not None and p.type is not None)
        if with_both == 0 and not named:
            for p in found:
                if p.name is not None:
                    p.type, p.name = p.name, None
        elif with_both != len(found):
            self.share_types(found, with_both, closing, named=named)
        self.check_dots(found, variadic=variadic)
        fields: list[Field] = []
        for p in found:
            assert p.type is not None
            if p.name is None:
                fields.append(Field([], p.type, None))
            elif fields and fields[-1].type is p.type:
                fields[-1].names.append(p.name)
            else:
                fields.append(Field([p.name], p.type, None))
        return FieldList(opening, fields, closing)

    def share_types(self, found: list[_Param], with_both: int, end: int, *, named: bool) -> None:
        """Give each bare name the type to its right, where some parameters have names."""
        with_type = sum(1 for p in found if p.type is not None)
        wrong = NO_POS
        type_: Expr | None = None
        for p in reversed(found):
            if p.type is not None:
                type_ = p.type
                if p.name is None:
                    wrong = _start(type_)
                    p.name = Ident(wrong, "_")
            elif type_ is not None:
                p.type = type_
            else:
                assert p.name is not None
                wrong = p.name.name_pos
                p.type = self.bad_expr(wrong)
        if wrong == NO_POS:
            return
        if with_both == with_type:
            # Only at the end of the list can a name have found no type.
            wrong = end
            message = "missing type constraint" if named else "missing parameter type"
        elif not named:
            message = "missing parameter name"
        else:
            message = "missing type parameter name"
            if len(found) == 1:
                message += " or invalid array length"
        self.syntax_error_at(wrong, message)

    def check_dots(self, found: list[_Param], *, variadic: bool) -> None:
        first = True
        for at, p in enumerate(found):
            dots = p.type
            if isinstance(dots, Ellipsis) and (not variadic or at + 1 < len(found)):
                if first:
                    first = False
                    only = "can only use ... with final parameter"
                    self.error_at(dots.pos, only if variadic else "invalid use of ...")
                p.type = dots.elt

    # -- statements ----------------------------------------------------------------------------

    def block(self, context: str) -> BlockStmt:
        """Block = "{" StatementList "}" ."""
        lbrace = self.pos
        if not self.got("{"):
            self.syntax_error("expected { after " + context)
            self.advance(IDENT, "}")
            rbrace = self.pos
            if self.got("}"):
                return BlockStmt(lbrace, [], rbrace)
        statements = self.statements()
        return BlockStmt(lbrace, statements, self.want("}"))

    def statements(self) -> list[Stmt]:
        """StatementList = { Statement ";" } ."""
        found: list[Stmt] = []
        while True:
            tok = self.tok
            if tok == "}" or tok == "case" or tok == "default" or tok == EOF:
                return found
            statement = self.statement()
            if statement is None:
                return found
            found.append(statement)
            if self.tok == SEMICOLON:
                self.next()
            elif self.tok != "}":
                self.syntax_error("at end of statement")
                self.advance(SEMICOLON, "}", "case", "default")
                self.got(SEMICOLON)

    def statement(self) -> Stmt | None:
        """Statement; None when none begins here."""
        tok = self.tok
        if tok == IDENT:
            left = self.exprs()
            if self.tok == ":" and len(left) == 1 and isinstance(left[0], Ident):
                return self.labeled(left[0])
            return self.simple(left, "")
        if tok in _STATEMENT_STARTS:
            return self.simple(self.exprs(), "")
        pos = self.pos
        match tok:
            case "if":
                return self.if_stmt()
            case "return":
                self.next()
                results = [] if self.tok in (SEMICOLON, "}") else self.exprs()
                return ReturnStmt(pos, results)
            case "for":
                return self.for_stmt()
            case "var":
                return DeclStmt(self.gen_decl(self.var_spec))
            case "const":
                return DeclStmt(self.gen_decl(self.const_spec))
            case "type":
                return DeclStmt(self.gen_decl(self.type_spec))
            case "switch":
                return self.switch_stmt()
            case "select":
                return self.select_stmt()
            case "go" | "defer":
                return self.call_stmt()
            case "break" | "continue":
                self.next()
                label = self.name() if self.tok == IDENT else None
                return BranchStmt(pos, tok, label)
            case "goto":
                self.next()
                return BranchStmt(pos, tok, self.name())
            case "fallthrough":
                self.next()
                return BranchStmt(pos, tok, None)
            case "{":
                return self.block("")
            case ";":
                return EmptyStmt(pos, False)
        return None

    def labeled(self, label: Ident) -> Stmt | None:
        """LabeledStmt = Label ":" Statement ."""
        colon = self.want(":")
        if self.tok == "}":
            return LabeledStmt(label, colon, EmptyStmt(self.pos, True))
        statement = self.statement()
        if statement is None:
            self.syntax_error_at(colon, "missing statement after label")
            return None
        return LabeledStmt(label, colon, statement)

    def simple(self, left: list[Expr], keyword: str) -> Stmt:
        """SimpleStmt = ExpressionStmt | SendStmt | IncDecStmt | Assignment | ShortVarDecl .

        `left` are the expressions read already; `keyword` is the statement whose header this is.
        """
        tok, pos = self.tok, self.places[self.i]
        if tok == "=" or tok == ":=":
            self.next()
            if keyword == "for" and self.tok == "range":
                return self.range_clause(left, pos, tok)
            return AssignStmt(left, pos, tok, self.exprs())
        if len(left) == 1:
            x = left[0]
            if tok in ASSIGNMENTS:
                self.next()
                return AssignStmt(left, pos, tok, [self.expr()])
            if tok == "++" or tok == "--":
                self.next()
                return IncDecStmt(x, pos, tok)
            if tok == "<-":
                self.next()
                return SendStmt(x, pos, self.expr())
            return ExprStmt(x)
        self.syntax_error("expected := or = or comma")
        self.advance(SEMICOLON, "}")
        return ExprStmt(left[0])

    def header_stmt(self, keyword: str) -> Stmt:
        if keyword == "for" and self.tok == "range":
            return self.range_clause([], NO_POS, "")
        return self.simple(self.exprs(), keyword)

    def range_clause(self, left: list[Expr], tok_pos: int, tok: str) -> RangeStmt:
        """RangeClause = [ ExpressionList "=" | IdentifierList ":=" ] "range" Expression ."""
        pos = self.pos
        self.next()
        x = self.expr()
        key = left[0] if left else None
        value = left[1] if len(left) > 1 else None
        nothing = BlockStmt(NO_POS, [], NO_POS)  # until for_stmt has read the body
        return RangeStmt(NO_POS, key, value, tok_pos, tok, pos, x, nothing, left[2:])

    def for_stmt(self) -> Stmt:
        """ForStmt = "for" [ Condition | ForClause | RangeClause ] Block ."""
        pos = self.pos
        init, cond, post = self.header("for")
        body = self.block("for clause")
        if isinstance(init, RangeStmt):
            init.for_, init.body = pos, body
            return init
        assert not isinstance(cond, Stmt)
        return ForStmt(pos, init, cond, post, body)

    def header(self, keyword: str) -> tuple[Stmt | None, Expr | Stmt | None, Stmt | None]:
        """Read from ``if``, ``for`` or ``switch`` to the ``{``: initialisation, condition, post.

        The condition is a statement only in a type switch that declares a name. A range clause
        comes back as the initialisation.
        """
        self.want(keyword)
        if self.tok == "{":
            if keyword == "if":
                self.syntax_error("missing condition in if statement")
                return None, self.bad_expr(), None
            return None, None, None
        outer, self.level = self.level, -1
        try:
            return self.clauses(keyword)
        finally:
            self.level = outer

    def clauses(self, keyword: str) -> tuple[Stmt | None, Expr | Stmt | None, Stmt | None]:
        init: Stmt | None = None
        post: Stmt | None = None
        condition: Stmt | None = None
        semicolon, semicolon_text = NO_POS, ""
        if self.tok != SEMICOLON:
            if self.got("var"):
                self.syntax_error(f"var declaration not allowed in {keyword} initializer")
            init = self.header_stmt(keyword)
            if isinstance(init, RangeStmt):
                return init, None, None
        if self.tok == "{":
            condition, init = init, None
        else:
            if self.tok == SEMICOLON:
                semicolon, semicolon_text = self.pos, self.texts[self.i]
                self.next()
            else:
                self.want("{")
                if self.tok != "{":
                    self.advance("{", "}")
            if keyword != "for":
                if self.tok != "{":
                    condition = self.header_stmt(keyword)
            elif self.tok == "{":
                self.syntax_error("expected for loop condition")
            else:
                if self.tok != SEMICOLON:
                    condition = self.header_stmt("")
                self.want(SEMICOLON)
                if self.tok != "{":
                    post = self.header_stmt("")
                    if isinstance(post, AssignStmt) and post.tok == ":=":
                        why = "cannot declare in post statement of for loop"
                        self.syntax_error_at(post.tok_pos, why)
        return init, self.condition(keyword, condition, semicolon, semicolon_text), post

    def condition(
        self, keyword: str, statement: Stmt | None, semicolon: int, semicolon_text: str
    ) -> Expr | Stmt | None:
        """Take the condition out of the statement that stands for it."""
        if statement is None:
            if keyword == "if" and semicolon:
                if semicolon_text != "semicolon":
                    why = f"unexpected {semicolon_text}, expected {{ after if clause"
                else:
                    why = "missing condition in if statement"
                self.syntax_error_at(semicolon, why)
                return self.bad_expr(semicolon)
            return None
        if isinstance(statement, ExprStmt):
            return statement.x
        if isinstance(statement, AssignStmt):
            if keyword == "switch" and _is_type_switch_guard(statement):
                return statement
            if statement.tok == "=":
                left, right = _emphasize(statement.lhs), _emphasize(statement.rhs)
                what = f"assignment {left} = {right}"
            else:
                what = source_of(statement)
            pos = statement.tok_pos
        elif isinstance(statement, IncDecStmt):
            what, pos = source_of(statement), statement.tok_pos
        else:
            assert isinstance(statement, SendStmt)
            what, pos = source_of(statement), statement.arrow
        self.syntax_error_at(pos, f"cannot use {what} as value")
        return self.bad_expr(pos) if keyword == "if" else None

    def if_stmt(self) -> IfStmt:
        """IfStmt = "if" [ SimpleStmt ";" ] Expression Block [ "else" ( IfStmt | Block ) ] ."""
        # A chain of `else if` is a loop here, so that its length costs no depth.
        first: IfStmt | None = None
        last: IfStmt | None = None
        while True:
            pos = self.pos
            init, cond, _ = self.header("if")
            body = self.block("if clause")
            if not isinstance(cond, Expr):
                cond = self.bad_expr(pos)  # something was wrong with it and has been said
            link = IfStmt(pos, init, cond, body, None)
            if last is None:
                first = link
            else:
                last.else_ = link
            last = link
            assert first is not None
            if not self.got("else"):
                return first
            if self.tok == "if":
                continue
            if self.tok == "{":
                link.else_ = self.block("")
            else:
                self.syntax_error("else must be followed by if or statement block")
                self.advance(IDENT, "}")
            return first

    def switch_stmt(self) -> Stmt:
        """SwitchStmt = ExprSwitchStmt | TypeSwitchStmt ."""
        pos = self.pos
        init, tag, _ = self.header("switch")
        lbrace = self.pos
        if not self.got("{"):
            self.syntax_error("missing { after switch clause")
            self.advance("case", "default", "}")
        clauses: list[Stmt] = []
        while self.tok != "}" and self.tok != EOF:
            clauses.append(self.case_clause())
        body = BlockStmt(lbrace, clauses, self.want("}"))
        if isinstance(tag, Stmt):
            return TypeSwitchStmt(pos, init, tag, body)
        if isinstance(tag, TypeAssertExpr) and tag.type is None:
            return TypeSwitchStmt(pos, init, ExprStmt(tag), body)
        return SwitchStmt(pos, init, tag, body)

    def case_clause(self) -> CaseClause:
        """ExprCaseClause, TypeCaseClause = ( "case" List | "default" ) ":" StatementList ."""
        pos = self.pos
        values: list[Expr] | None = None
        if self.got("case"):
            values = self.exprs()
        elif not self.got("default"):
            self.syntax_error("expected case or default or }")
            self.advance(":", "case", "default", "}")
        colon = self.want(":")
        return CaseClause(pos, values, colon, self.statements())

    def select_stmt(self) -> SelectStmt:
        """SelectStmt = "select" "{" { CommClause } "}" ."""
        pos = self.want("select")
        lbrace = self.pos
        if not self.got("{"):
            self.syntax_error("missing { after select clause")
            self.advance("case", "default", "}")
        clauses: list[Stmt] = []
        while self.tok != "}" and self.tok != EOF:
            clauses.append(self.comm_clause())
        return SelectStmt(pos, BlockStmt(lbrace, clauses, self.want("}")))

    def comm_clause(self) -> CommClause:
        """CommClause = ( "case" ( SendStmt | RecvStmt ) | "default" ) ":" StatementList ."""
        pos = self.pos
        comm: Stmt | None = None
        if self.got("case"):
            comm = self.simple(self.exprs(), "")
        elif not self.got("default"):
            self.syntax_error("expected case or default or }")
            self.advance(":", "case", "default", "}")
        colon = self.want(":")
        return CommClause(pos, comm, colon, self.statements())

    def call_stmt(self) -> Stmt:
        """GoStmt = "go" Expression; DeferStmt = "defer" Expression ."""
        pos, keyword = self.pos, self.tok
        self.next()
        x = self.primary()
        bare = unparen(x)
        if bare is not x:
            self.error_at(x.pos, f"expression in {keyword} must not be parenthesized")
            x = bare
        return GoStmt(pos, x) if keyword == "go" else DeferStmt(pos, x)

    # -- names and lists -----------------------------------------------------------------------

    def name(self) -> Ident:
        i = self.i
        if self.tok == IDENT:
            name = Ident(self.places[i], self.texts[i])
            self.i = i = i + 1
            self.tok = self.kinds[i]
            return name
        name = Ident(self.places[i], "_")
        self.syntax_error("expected name")
        self.advance()
        return name

    def names(self, first: Ident) -> list[Ident]:
        """IdentifierList = identifier { "," identifier } , after the first."""
        found = [first]
        while self.got(","):
            found.append(self.name())
        return found

    def literal_or_none(self) -> BasicLit | None:
        if self.tok not in LITERALS:
            return None
        literal = BasicLit(self.pos, self.tok, self.texts[self.i])
        self.next()
        return literal

    def qualified_name(self, name: Ident | None) -> Expr:
        """TypeName [ TypeArgs ] = [ PackageName "." ] identifier [ "[" TypeList "]" ] ."""
        if name is None:
            if self.tok == IDENT:
                name = self.name()
            else:
                name = Ident(self.pos, "_")
                self.syntax_error("expected name")
                self.advance(".", SEMICOLON, "}")
        x: Expr = name
        if self.got("."):
            x = SelectorExpr(x, self.name())
        if self.tok == "[":
            lbrack = self.pos
            self.next()
            if self.tok == "]":
                self.syntax_error("expected type argument list")
                types: list[Expr] = [self.bad_expr()]
            else:
                types, _ = self.type_args(strict=True)
            rbrack = self.want("]")
            if len(types) == 1:
                return IndexExpr(x, lbrack, types[0], rbrack)
            return IndexListExpr(x, lbrack, types, rbrack)
        return x

    def exprs(self) -> list[Expr]:
        """ExpressionList = Expression { "," Expression } ."""
        found = [self.expr()]
        while self.tok == ",":
            self.next()
            found.append(self.expr())
        return found

    def type_args(self, *, strict: bool) -> tuple[list[Expr], bool]:
        """TypeList [ "," ]; unless `strict` the first may be any expression. Says if a comma was
        there."""
        self.level += 1
        found = [self.type_() if strict else self.expr()]
        comma = False
        while self.got(","):
            comma = True
            another = self.type_or_none()
            if another is None:
                break
            found.append(another)
        self.level -= 1
        return found, comma


def _start(type_: Expr) -> int:
    """Where errors say a type begins: inside parentheses, and behind ``func``."""
    type_ = unparen(type_)
    return type_.params.opening if isinstance(type_, FuncType) else type_.pos


def _spell(tok: str) -> str:
    """Name a token as errors do."""
    if tok == ",":
        return "comma"
    if tok == SEMICOLON:
        return "semicolon or newline"
    return f"keyword {tok}" if tok in KEYWORDS else tok


def _split_type_param(x: Expr, force: bool) -> tuple[Ident | None, Expr | None]:
    """Read the expression `x` as a type parameter and its constraint, if it can only be that.

    ``P *C`` was read as a product, ``P (C)`` as a call. With `force` whatever can be a constraint
    is one.
    """
    match x:
        case Ident():
            return x, None
        case BinaryExpr(Ident() as name, star, "*", y) if force or _is_type_element(y):
            return name, StarExpr(star, y)
        case BinaryExpr(left, pos, "|", y):
            first, bound = _split_type_param(left, force or _is_type_element(y))
            if first is not None and bound is not None:
                return first, BinaryExpr(bound, pos, "|", y)
        case CallExpr(Ident() as name, lparen, [arg], 0, rparen):
            if force or _is_type_element(arg):
                return name, ParenExpr(lparen, arg, rparen)
    return None, x


def _is_type_element(x: Expr) -> bool:
    """Whether `x` can be nothing but a type or constraint."""
    match x:
        case BinaryExpr():
            return _is_type_element(x.x) or _is_type_element(x.y)
        case UnaryExpr():
            return x.op == "~" or _is_type_element(x.x)
        case StarExpr() | ParenExpr():
            return _is_type_element(x.x)
    return isinstance(x, _TYPE_LITERALS)


def _is_value(x: Expr) -> bool:
    """Whether `x` can be nothing but a value."""
    match x:
        case BinaryExpr() | UnaryExpr():
            return True
        case ParenExpr():
            return _is_value(x.x)
        case IndexExpr():
            return _is_value(x.x) or _is_value(x.index)
        case IndexListExpr():
            return _is_value(x.x)
    return isinstance(x, _VALUES)


def _is_type_switch_guard(statement: AssignStmt) -> bool:
    """Whether this is ``x := y.(type)``."""
    if statement.tok != ":=" or len(statement.lhs) != 1 or len(statement.rhs) != 1:
        return False
    right = statement.rhs[0]
    named = isinstance(statement.lhs[0], Ident)
    return named and isinstance(right, TypeAssertExpr) and right.type is None


def _emphasize(side: list[Expr]) -> str:
    """Spell one side of an assignment, a binary expression in parentheses."""
    text = ", ".join([source_of(x) for x in side])
    return f"({text})" if len(side) == 1 and isinstance(side[0], BinaryExpr) else text
