"""One look at every function before code is made: which variables are shared, what is called.

The findings lie on the checker's objects (``Var.memo``: `Use`) and in one `Body` per function,
function literal and body of a range over a function. Nothing here depends on type arguments, so
generic functions are looked at once.
"""

from __future__ import annotations

from typing import Any

from gosim.golang import ast
from gosim.golang.ast import unparen
from gosim.golang.types import operand
from gosim.golang.types.info import Info
from gosim.golang.types.objects import Builtin, Func, Var
from gosim.golang.types.types import Array, Chan, Pointer, Signature

__all__ = ["CALL", "GO", "VALUE", "Body", "Use", "analyse", "analyse_expr"]

#: How a function is used: called, started as a goroutine, or taken as a value.
CALL, GO, VALUE = 0, 1, 2


class Use:
    """What is known of a local variable.

    Attributes
    ----------
    body : Body
        The function that declares it.
    loop : bool
        Its declaration may run more than once in one call of that function.
    captured, address : bool
        A function literal uses it; a pointer to it (or into it) may exist.
    assigned : int
        Assignments beyond the declaration; those of a ``for`` clause not counted.
    far : bool
        It is assigned to by a function literal.
    post : bool
        The ``post`` statement of its ``for`` clause assigns to it.
    name : str
        What it is called in Python, once that is decided.
    """

    __slots__ = ("address", "assigned", "body", "captured", "far", "loop", "name", "post")

    def __init__(self, body: Body, loop: bool) -> None:
        self.body = body
        self.loop = loop
        self.captured = self.address = self.far = self.post = False
        self.assigned = 0
        self.name = ""


class Body:
    """What is known of one function body.

    Attributes
    ----------
    node
        The ``FuncDecl``, ``FuncLit`` or (range over a function) ``RangeStmt``.
    edges
        What it uses: (how, kind, thing); see `colour`.
    blocks : bool
        It has an operation that may block by itself, or a loop that nothing leaves.
    unbounded : bool
        It has loops that do not count: started as a goroutine, it must be possible to preempt it.
    defers, recovers : bool
        It has ``defer`` statements; it calls ``recover``. For the body of a range over a function
        the function around it has them.
    gotos
        Names of the labels that ``goto`` jumps to.
    captured
        Variables of functions around it that it, or one inside it, uses.
    far
        Those of them that it assigns to itself.
    loops
        For each loop the variables that are assigned to in its body.
    """

    __slots__ = (
        "blocks",
        "captured",
        "children",
        "defers",
        "edges",
        "far",
        "globals",
        "gotos",
        "info",
        "loops",
        "name",
        "node",
        "parent",
        "recovers",
        "unbounded",
        "variables",
    )

    def __init__(self, node: ast.Node | None, parent: Body | None, info: Info) -> None:
        self.node = node
        self.parent = parent
        self.info = info
        self.edges: list[tuple[int, str, Any]] = []
        self.blocks = self.defers = self.recovers = self.unbounded = False
        self.gotos: set[str] = set()
        self.captured: dict[Var, None] = {}
        self.far: dict[Var, None] = {}
        self.globals: dict[Var, None] = {}
        self.loops: dict[ast.Node, set[Any]] = {}
        self.children: dict[ast.Node, Body] = {}
        self.variables: list[Use] = []
        self.name = ""

    @property
    def function(self) -> Body:
        """The function that this is a part of: itself except for bodies of ranges."""
        body = self
        while isinstance(body.node, ast.RangeStmt):
            assert body.parent is not None
            body = body.parent
        return body


def analyse(decl: ast.FuncDecl, info: Info, minor: int) -> Body:
    """Look at a function; `minor` is the language version of its file."""
    walker = _Walker(info, minor)
    body = Body(decl, None, info)
    walker.function(body, decl.recv, decl.type, decl.body)
    return body


def analyse_expr(e: ast.Expr, info: Info, minor: int) -> Body:
    """Look at the initializer of a package variable."""
    walker = _Walker(info, minor)
    walker.body = body = Body(None, None, info)
    walker.expr(e)
    return body


class _Walker:
    def __init__(self, info: Info, minor: int) -> None:
        self.info = info
        self.types = info.types
        self.uses = info.uses
        self.defs = info.defs
        self.per_turn = minor >= 22
        self.body: Body = None  # type: ignore[assignment]  # set by whoever makes a walker
        self.depth = 0
        self.assigned: list[set[Any]] = []
        #: How many statements were seen that leave a loop.
        self.leaves = 0

    # -- functions ----------------------------------------------------------------------------

    def function(
        self,
        body: Body,
        recv: ast.FieldList | None,
        type: ast.FuncType,
        block: ast.BlockStmt | None,
    ) -> None:
        outer = self.body, self.depth
        self.body, self.depth = body, 0
        for fields in (recv, type.params, type.results):
            if fields is not None:
                for field in fields.list:
                    for name in field.names:
                        self.define(name)
        if block is not None:
            self.block(block.list)
        if body.gotos:
            for use in body.variables:
                use.loop = True
        self.body, self.depth = outer

    def literal(self, e: ast.FuncLit) -> Body:
        body = Body(e, self.body, self.info)
        self.body.children[e] = body
        self.function(body, None, e.type, e.body)
        return body

    # -- variables ------------------------------------------------------------------------------

    def define(self, name: ast.Expr | None, loop: bool | None = None) -> None:
        if isinstance(name, ast.Ident):
            var = self.defs.get(name)
            if var is not None:
                self.declare(var, loop)

    def declare(self, var: Any, loop: bool | None = None) -> Use:
        use = var.memo = Use(self.body, self.depth > 0 if loop is None else loop)
        self.body.variables.append(use)
        return use

    def ident(self, e: ast.Ident) -> None:
        obj = self.uses.get(e)
        if type(obj) is Var:
            use = obj.memo
            if type(use) is Use and use.body is not self.body:
                self.capture(obj, use)
        elif type(obj) is Func:
            self.body.edges.append((VALUE, "func", e))

    def capture(self, var: Var, use: Use) -> None:
        use.captured = True
        body = self.body
        while body is not use.body and var not in body.captured:
            body.captured[var] = None
            if body.parent is None:
                break
            body = body.parent

    def assign(self, e: ast.Expr) -> None:
        """Note an assignment; the operands of `e` are looked at, too."""
        e = unparen(e)
        if not isinstance(e, ast.Ident):
            self.expr(e)
            root = self.root(e)
            if root is not None:
                for found in self.assigned:
                    found.add(root)
            return
        var = self.defs.get(e)
        if var is not None:
            self.declare(var)
            return
        var = self.uses.get(e)
        if type(var) is not Var:
            return
        for found in self.assigned:
            found.add(var)
        use = var.memo
        if type(use) is Use:
            use.assigned += 1
            if use.body is not self.body:
                use.far = True
                self.body.far[var] = None
                self.capture(var, use)
        else:
            self.body.globals[var] = None

    def root(self, e: ast.Expr) -> Var | None:
        """The variable that `e` is a part of, if no pointer is followed on the way."""
        while True:
            e = unparen(e)
            if isinstance(e, ast.Ident):
                var = self.uses.get(e) or self.defs.get(e)
                return var if type(var) is Var else None
            if isinstance(e, ast.SelectorExpr):
                selection = self.info.selections.get(e)
                if selection is None:
                    var = self.uses.get(e.sel)
                    return var if type(var) is Var else None
                if selection.indirect or selection.kind != "field":
                    return None
            elif isinstance(e, ast.IndexExpr):
                tv = self.types.get(e.x)
                if tv is None or type(tv.type.underlying()) is not Array:
                    return None
            else:
                return None
            e = e.x

    def take_address(self, e: ast.Expr) -> None:
        var = self.root(e)
        if var is not None:
            use = var.memo
            if type(use) is Use:
                use.address = True
            else:
                var.memo = "address"

    # -- expressions ------------------------------------------------------------------------------

    def expr(self, e: Any) -> None:
        visit = _EXPRESSIONS.get(type(e))
        if visit is not None:
            visit(self, e)

    def exprs(self, es: Any) -> None:
        for e in es:
            visit = _EXPRESSIONS.get(type(e))
            if visit is not None:
                visit(self, e)

    def x_only(self, e: Any) -> None:
        self.expr(e.x)

    def binary(self, e: ast.BinaryExpr) -> None:
        while True:
            self.expr(e.y)
            if type(e.x) is not ast.BinaryExpr:
                break
            e = e.x
        self.expr(e.x)

    def selector(self, e: ast.SelectorExpr) -> None:
        selection = self.info.selections.get(e)
        if selection is None:  # of a package
            obj = self.uses.get(e.sel)
            if type(obj) is Func:
                self.body.edges.append((VALUE, "func", e.sel))
            return
        if selection.kind == "field":
            self.expr(e.x)
            return
        self.body.edges.append((VALUE, "method", e))
        if selection.kind == "method":
            self.receiver(e, selection)

    def receiver(self, e: ast.SelectorExpr, selection: Any) -> None:
        self.expr(e.x)
        obj = selection.obj
        if obj.has_ptr_recv() and type(selection.recv.underlying()) is not Pointer:
            self.take_address(e.x)

    def index(self, e: ast.IndexExpr) -> None:
        self.expr(e.x)
        tv = self.types.get(e.index)
        if tv is not None and tv.mode != operand.TYPEXPR:
            self.expr(e.index)

    def slice(self, e: ast.SliceExpr) -> None:
        self.expr(e.x)
        tv = self.types.get(e.x)
        if tv is not None and type(tv.type.underlying()) is Array:
            self.take_address(e.x)
        for each in (e.low, e.high, e.max):
            self.expr(each)

    def unary(self, e: ast.UnaryExpr) -> None:
        self.expr(e.x)
        if e.op == "<-":
            self.body.blocks = True
        elif e.op == "&":
            self.take_address(e.x)

    def composite(self, e: ast.CompositeLit) -> None:
        for each in e.elts:
            if type(each) is ast.KeyValueExpr:
                self.expr(each.key)
                self.expr(each.value)
            else:
                self.expr(each)

    def func_lit(self, e: ast.FuncLit) -> None:
        self.body.edges.append((VALUE, "lit", self.literal(e)))

    def call(self, e: ast.CallExpr, how: int = CALL) -> None:
        fun = unparen(e.fun)
        tv = self.types.get(fun)
        mode = tv.mode if tv is not None else operand.VALUE
        if mode == operand.BUILTIN:
            name = fun.sel if isinstance(fun, ast.SelectorExpr) else fun
            obj = self.uses.get(name) if isinstance(name, ast.Ident) else None
            if type(obj) is Builtin:
                if obj.id_ == "close":
                    self.body.blocks = self.body.blocks or how == CALL
                elif obj.id_ == "recover":
                    self.body.recovers = self.body.function.recovers = True
            self.exprs(e.args)
            return
        if mode != operand.TYPEXPR:
            self.callee(fun, how)
        self.exprs(e.args)

    def callee(self, fun: ast.Expr, how: int) -> None:
        edges = self.body.edges
        kind = type(fun)
        if kind is ast.FuncLit:
            edges.append((how, "lit", self.literal(fun)))  # type: ignore[arg-type]
            return
        inner: Any = fun
        if kind is ast.IndexExpr or kind is ast.IndexListExpr:
            inner = unparen(fun.x)  # type: ignore[attr-defined]
        if type(inner) is ast.Ident and type(self.uses.get(inner)) is Func:
            edges.append((how, "func", inner))
            return
        if type(inner) is ast.SelectorExpr:
            selection = self.info.selections.get(inner)
            if selection is None:
                if type(self.uses.get(inner.sel)) is Func:
                    edges.append((how, "func", inner.sel))
                    return
            elif selection.kind == "method":
                edges.append((how, "method", inner))
                self.receiver(inner, selection)
                return
            elif selection.kind == "methodexpr":
                edges.append((how, "method", inner))
                return
        edges.append((how, "dynamic", fun))
        self.expr(fun)

    # -- statements -----------------------------------------------------------------------------

    def block(self, statements: Any) -> None:
        for s in statements:
            visit = _STATEMENTS.get(type(s))
            if visit is not None:
                visit(self, s)

    def stmt(self, s: Any) -> None:
        visit = _STATEMENTS.get(type(s))
        if visit is not None:
            visit(self, s)

    def decl_stmt(self, s: ast.DeclStmt) -> None:
        if s.decl.tok == "var":
            for spec in s.decl.specs:
                assert isinstance(spec, ast.ValueSpec)
                self.exprs(spec.values)
                for name in spec.names:
                    self.define(name)

    def block_stmt(self, s: ast.BlockStmt) -> None:
        self.block(s.list)

    def labeled(self, s: ast.LabeledStmt) -> None:
        self.stmt(s.stmt)

    def send(self, s: ast.SendStmt) -> None:
        self.body.blocks = True
        self.expr(s.chan)
        self.expr(s.value)

    def inc_dec(self, s: ast.IncDecStmt) -> None:
        self.assign(s.x)

    def assignment(self, s: ast.AssignStmt) -> None:
        self.exprs(s.rhs)
        for e in s.lhs:
            self.assign(e)
        if s.tok not in ("=", ":="):
            self.expr(s.lhs[0])

    def go(self, s: ast.GoStmt) -> None:
        call = unparen(s.call)
        assert isinstance(call, ast.CallExpr)
        self.call(call, GO)

    def defer(self, s: ast.DeferStmt) -> None:
        self.body.defers = self.body.function.defers = True
        call = unparen(s.call)
        assert isinstance(call, ast.CallExpr)
        before = len(self.body.edges)
        self.call(call)
        # The calls run where the function ends, whatever of it the statement stands in.
        body = self.body
        while body is not body.function and before < len(self.body.edges):
            assert body.parent is not None
            body = body.parent
            body.edges.append(self.body.edges[before])

    def return_(self, s: ast.ReturnStmt) -> None:
        self.leaves += 1
        self.exprs(s.results)

    def branch(self, s: ast.BranchStmt) -> None:
        self.leaves += s.tok in ("break", "goto") or s.label is not None
        if s.tok == "goto" and s.label is not None:
            self.body.gotos.add(s.label.name)

    def if_(self, s: ast.IfStmt) -> None:
        while True:
            self.stmt(s.init)
            self.expr(s.cond)
            self.block(s.body.list)
            if type(s.else_) is not ast.IfStmt:
                break
            s = s.else_
        self.stmt(s.else_)

    def switch(self, s: ast.SwitchStmt) -> None:
        self.stmt(s.init)
        self.expr(s.tag)
        for clause in s.body.list:
            assert isinstance(clause, ast.CaseClause)
            self.exprs(clause.list or ())
            self.block(clause.body)

    def type_switch(self, s: ast.TypeSwitchStmt) -> None:
        self.stmt(s.init)
        assign = s.assign
        self.expr(assign.rhs[0] if isinstance(assign, ast.AssignStmt) else assign.x)  # type: ignore[attr-defined]
        for clause in s.body.list:
            assert isinstance(clause, ast.CaseClause)
            var = self.info.implicits.get(clause)
            if type(var) is Var:
                self.declare(var)
            self.block(clause.body)

    def select(self, s: ast.SelectStmt) -> None:
        self.body.blocks = True
        for clause in s.body.list:
            assert isinstance(clause, ast.CommClause)
            self.stmt(clause.comm)
            self.block(clause.body)

    def for_(self, s: ast.ForStmt) -> None:
        declared: list[Any] = []
        if isinstance(s.init, ast.AssignStmt) and s.init.tok == ":=":
            self.exprs(s.init.rhs)
            for name in s.init.lhs:
                self.define(name, (self.depth > 0) or self.per_turn)
                if isinstance(name, ast.Ident) and (var := self.defs.get(name)) is not None:
                    declared.append(var)
        else:
            self.stmt(s.init)
        self.depth += 1
        mine: set[Any] = set()
        self.body.loops[s] = mine
        self.assigned.append(mine)
        leaves = self.leaves
        self.expr(s.cond)
        self.block(s.body.list)
        if s.cond is None or s.post is None:
            self.body.unbounded = True
            if s.cond is None and self.leaves == leaves:
                self.body.blocks = True
        self.assigned.pop()
        before = [var.memo.assigned for var in declared]
        kept = set(mine)
        self.assigned.append(mine)
        self.stmt(s.post)
        self.assigned.pop()
        for var, count in zip(declared, before, strict=True):
            use = var.memo
            if use.assigned > count:
                use.post = True
                if self.per_turn:
                    # Each turn has its own variable, which is changed before anybody sees it.
                    use.assigned = count
        # What the post statement alone assigns to: a counter, for whoever asks.
        self.body.loops[s] = kept
        if s.post is not None:
            self.body.loops[s.body] = mine
        for found in self.assigned:
            found |= mine
        self.depth -= 1

    def range(self, s: ast.RangeStmt) -> None:
        self.expr(s.x)
        tv = self.types.get(s.x)
        under = tv.type.underlying() if tv is not None else None
        if type(under) is Signature or (under is not None and _core_is_func(under)):
            self.range_func(s)
            return
        if type(under) is Chan or _core_is_chan(under):
            self.body.blocks = True
        loop = self.depth > 0 or self.per_turn
        for e in (s.key, s.value):
            if e is None:
                continue
            if s.tok == ":=":
                self.define(e, loop)
                if not self.per_turn and isinstance(e, ast.Ident):
                    var = self.defs.get(e)
                    if var is not None:
                        var.memo.assigned += 1
            else:
                self.assign(e)
        self.depth += 1
        mine: set[Any] = set()
        self.body.loops[s] = mine
        self.assigned.append(mine)
        self.block(s.body.list)
        self.assigned.pop()
        for found in self.assigned:
            found |= mine
        self.depth -= 1

    def range_func(self, s: ast.RangeStmt) -> None:
        self.body.edges.append((CALL, "dynamic", s.x))
        body = Body(s, self.body, self.info)
        self.body.children[s] = body
        self.body.edges.append((VALUE, "lit", body))
        outer = self.body, self.depth
        self.body, self.depth = body, 0
        for e in (s.key, s.value):
            if e is not None:
                if s.tok == ":=":
                    self.define(e)
                else:
                    self.assign(e)
        self.block(s.body.list)
        if body.gotos:
            for use in body.variables:
                use.loop = True
        self.body, self.depth = outer
        # `goto` out of the body is seen by the function around it, too.
        self.body.gotos |= body.gotos


def _core_is_func(t: Any) -> bool:
    core = _core(t)
    return type(core) is Signature


def _core_is_chan(t: Any) -> bool:
    return type(_core(t)) is Chan


def _core(t: Any) -> Any:
    """The one underlying type of a type parameter's type set, as far as that matters here."""
    from gosim.golang.types.types import TypeParam, unalias
    from gosim.golang.types.under import common_under

    if type(unalias(t)) is not TypeParam:
        return t.underlying()
    return common_under(t, None)[0]


_EXPRESSIONS: dict[type, Any] = {
    ast.Ident: _Walker.ident,
    ast.FuncLit: _Walker.func_lit,
    ast.CompositeLit: _Walker.composite,
    ast.ParenExpr: _Walker.x_only,
    ast.SelectorExpr: _Walker.selector,
    ast.IndexExpr: _Walker.index,
    ast.IndexListExpr: _Walker.x_only,
    ast.SliceExpr: _Walker.slice,
    ast.TypeAssertExpr: _Walker.x_only,
    ast.CallExpr: _Walker.call,
    ast.StarExpr: _Walker.x_only,
    ast.UnaryExpr: _Walker.unary,
    ast.BinaryExpr: _Walker.binary,
}
_STATEMENTS: dict[type, Any] = {
    ast.DeclStmt: _Walker.decl_stmt,
    ast.LabeledStmt: _Walker.labeled,
    ast.ExprStmt: lambda self, s: self.expr(s.x),
    ast.SendStmt: _Walker.send,
    ast.IncDecStmt: _Walker.inc_dec,
    ast.AssignStmt: _Walker.assignment,
    ast.GoStmt: _Walker.go,
    ast.DeferStmt: _Walker.defer,
    ast.ReturnStmt: _Walker.return_,
    ast.BranchStmt: _Walker.branch,
    ast.BlockStmt: _Walker.block_stmt,
    ast.IfStmt: _Walker.if_,
    ast.SwitchStmt: _Walker.switch,
    ast.TypeSwitchStmt: _Walker.type_switch,
    ast.SelectStmt: _Walker.select,
    ast.ForStmt: _Walker.for_,
    ast.RangeStmt: _Walker.range,
}
