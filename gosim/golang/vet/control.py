"""Which statement may follow which: the control-flow graph of a function, and which functions never
return (Go: ``golang.org/x/tools/go/cfg``, ``passes/ctrlflow``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from gosim.golang import ast
from gosim.golang.types.info import Info
from gosim.golang.types.objects import Builtin, Func
from gosim.golang.types.predicates import is_interface
from gosim.golang.vet.unit import Unit, callee, is_method, receiver

__all__ = ["Block", "Graph", "Returning"]

_FATAL = ("Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln")
_ENDS_TEST = ("FailNow", "Fatal", "Fatalf", "Skip", "SkipNow", "Skipf")
#: Functions of the standard library that never return.
_ENDS = frozenset(
    {("os", "Exit"), ("runtime", "Goexit"), *(("log", name) for name in _FATAL)}
    | {("syscall", "Exit")}
)


@dataclass(eq=False, slots=True)
class Block:
    """Statements and expressions that run one after the other, and where it goes on.

    Attributes
    ----------
    ends : bool
        It returns, or defers what may recover and let the function return.
    """

    nodes: list[ast.Node] = field(default_factory=list)
    next: list[Block] = field(default_factory=list)
    ends: bool = False

    @property
    def returned(self) -> ast.ReturnStmt | None:
        """The return statement at its end."""
        last = self.nodes[-1] if self.nodes else None
        return last if isinstance(last, ast.ReturnStmt) else None


@dataclass(eq=False, slots=True)
class _Targets:
    """Where break, continue and fallthrough lead."""

    break_: Block | None
    continue_: Block | None = None
    fallthrough: Block | None = None


@dataclass(eq=False, slots=True)
class _Label:
    goto: Block
    break_: Block | None = None
    continue_: Block | None = None


class Graph:
    """The control-flow graph of a function's body; `blocks[0]` is where it begins.

    Parameters
    ----------
    body : BlockStmt
        The body.
    may_return : callable
        Whether a call may come back.
    """

    def __init__(self, body: ast.BlockStmt, may_return: Callable[[ast.CallExpr], bool]) -> None:
        self.blocks: list[Block] = []
        self._may_return = may_return
        self._targets: list[_Targets] = []
        self._labels: dict[str, _Label] = {}
        self._at = self._block()
        self._stmt(body)
        live = {self.blocks[0]}
        waiting = [self.blocks[0]]
        while waiting:
            for each in waiting.pop().next:
                if each not in live:
                    live.add(each)
                    waiting.append(each)
        if self._at in live:
            self._at.ends = True
            self._at.nodes.append(ast.ReturnStmt(body.rbrace, []))
        #: Whether no way leads back to the caller.
        self.never_returns = not any(each.ends for each in live)

    def _block(self) -> Block:
        made = Block()
        self.blocks.append(made)
        return made

    def _jump(self, to: Block, then: Block | None = None) -> None:
        """Go on elsewhere; what comes next in the source is `then`, or cannot be reached."""
        self._at.next.append(to)
        self._at = self._block() if then is None else then

    def _list(self, statements: list[ast.Stmt]) -> None:
        for each in statements:
            self._stmt(each)

    def _inside(self, targets: _Targets, statements: list[ast.Stmt]) -> None:
        self._targets.append(targets)
        self._list(statements)
        self._targets.pop()

    def _stmt(self, s: ast.Stmt) -> None:
        label = None
        while isinstance(s, ast.LabeledStmt):
            label = self._label(s.label)
            self._jump(label.goto, label.goto)
            s = s.stmt
        match s:
            case ast.ExprStmt():
                self._at.nodes.append(s)
                if isinstance(s.x, ast.CallExpr) and not self._may_return(s.x):
                    self._at = self._block()
            case ast.DeferStmt():
                self._at.nodes.append(s)
                self._at.ends = True
            case ast.ReturnStmt():
                self._at.nodes.append(s)
                self._at.ends = True
                self._at = self._block()
            case ast.DeclStmt():
                if s.decl.tok == "var":
                    self._at.nodes += s.decl.specs
            case ast.BranchStmt():
                self._branch(s)
            case ast.BlockStmt():
                self._list(s.list)
            case ast.IfStmt():
                self._if(s)
            case ast.SwitchStmt():
                self._switch(s, label)
            case ast.TypeSwitchStmt():
                self._type_switch(s, label)
            case ast.SelectStmt():
                self._select(s, label)
            case ast.ForStmt():
                self._for(s, label)
            case ast.RangeStmt():
                self._range(s, label)
            case _:
                self._at.nodes.append(s)

    def _label(self, name: ast.Ident) -> _Label:
        if name.name not in self._labels:
            self._labels[name.name] = _Label(self._block())
        return self._labels[name.name]

    def _branch(self, s: ast.BranchStmt) -> None:
        target: Block | None = None
        part = {"break": "break_", "continue": "continue_"}.get(s.tok, s.tok)
        if s.label is not None:
            target = getattr(self._label(s.label), part, None)
        else:
            for each in reversed(self._targets):
                target = getattr(each, part, None)
                if target is not None:
                    break
        self._jump(self._block() if target is None else target)

    def _if(self, s: ast.IfStmt) -> None:
        if s.init is not None:
            self._stmt(s.init)
        then, done = self._block(), self._block()
        other = done if s.else_ is None else self._block()
        self._at.nodes.append(s.cond)
        self._at.next += [then, other]
        self._at = then
        self._stmt(s.body)
        self._at.next.append(done)
        if s.else_ is not None:
            self._at = other
            self._stmt(s.else_)
            self._at.next.append(done)
        self._at = done

    def _switch(self, s: ast.SwitchStmt, label: _Label | None) -> None:
        if s.init is not None:
            self._stmt(s.init)
        if s.tag is not None:
            self._at.nodes.append(s.tag)
        done = self._block()
        if label is not None:
            label.break_ = done
        clauses = [each for each in s.body.list if isinstance(each, ast.CaseClause)]
        bodies = [self._block() for _ in clauses]
        default = None
        for i, clause in enumerate(clauses):
            following = bodies[i + 1] if i + 1 < len(bodies) else done
            targets = _Targets(done, fallthrough=following)
            if clause.list is None:
                default = (bodies[i], targets, clause)  # it is tried last
                continue
            for cond in clause.list:
                otherwise = self._block()
                self._at.nodes.append(cond)
                self._at.next += [bodies[i], otherwise]
                self._at = otherwise
            otherwise = self._at
            self._at = bodies[i]
            self._inside(targets, clause.body)
            self._jump(done, otherwise)
        if default is not None:
            block, targets, clause = default
            self._jump(block, block)
            self._inside(targets, clause.body)
        self._jump(done, done)

    def _type_switch(self, s: ast.TypeSwitchStmt, label: _Label | None) -> None:
        if s.init is not None:
            self._stmt(s.init)
        self._at.nodes.append(s.assign)
        done = self._block()
        if label is not None:
            label.break_ = done
        default: ast.CaseClause | None = None
        for clause in s.body.list:
            assert isinstance(clause, ast.CaseClause)
            if clause.list is None:
                default = clause
                continue
            body = self._block()
            for _ in clause.list:
                otherwise = self._block()
                self._at.next += [body, otherwise]
                self._at = otherwise
            otherwise = self._at
            self._at = body
            self._inside(_Targets(done), clause.body)
            self._jump(done, otherwise)
        if default is not None:
            self._inside(_Targets(done), default.body)
        self._jump(done, done)

    def _select(self, s: ast.SelectStmt, label: _Label | None) -> None:
        clauses = [each for each in s.body.list if isinstance(each, ast.CommClause)]
        for clause in clauses:
            if clause.comm is not None:
                self._stmt(clause.comm)
        done = self._block()
        if label is not None:
            label.break_ = done
        default: ast.CommClause | None = None
        for clause in clauses:
            if clause.comm is None:
                default = clause
                continue
            body, otherwise = self._block(), self._block()
            self._at.next += [body, otherwise]
            self._at = body
            if isinstance(clause.comm, ast.AssignStmt):
                self._at.nodes.append(clause.comm.lhs[0])
            self._inside(_Targets(done), clause.body)
            self._jump(done, otherwise)
        if default is not None:
            self._inside(_Targets(done), default.body)
            self._at.next.append(done)
        self._at = done

    def _for(self, s: ast.ForStmt, label: _Label | None) -> None:
        if s.init is not None:
            self._stmt(s.init)
        body, done = self._block(), self._block()
        loop = body if s.cond is None else self._block()
        again = loop if s.post is None else self._block()
        if label is not None:
            label.break_, label.continue_ = done, again
        self._jump(loop, loop)
        if s.cond is not None:
            self._at.nodes.append(s.cond)
            self._at.next += [body, done]
            self._at = body
        self._inside(_Targets(done, again), [s.body])
        self._jump(again, again)
        if s.post is not None:
            self._stmt(s.post)
            self._at.next.append(loop)
        self._at = done

    def _range(self, s: ast.RangeStmt, label: _Label | None) -> None:
        self._at.nodes += [x for x in (s.x, s.key, s.value) if x is not None]
        loop = self._block()
        self._jump(loop, loop)
        body, done = self._block(), self._block()
        loop.next += [body, done]
        self._at = body
        if label is not None:
            label.break_, label.continue_ = done, loop
        self._inside(_Targets(done, loop), [s.body])
        self._jump(loop, done)


class Returning:
    """Which functions of a program never return."""

    def __init__(self) -> None:
        self._never: set[Func] = set()
        self._underway: dict[Func, tuple[ast.FuncDecl, Info]] = {}

    def add(self, unit: Unit) -> None:
        """Take in the functions of a package."""
        mine: list[Func] = []
        for file in unit.loaded.files:
            for decl in file.decls:
                if isinstance(decl, ast.FuncDecl):
                    obj = unit.info.defs.get(decl.name)
                    if isinstance(obj, Func):
                        self._underway[obj] = decl, unit.info
                        mine.append(obj)
        for each in mine:
            self._look(each)

    def _look(self, f: Func) -> None:
        found = self._underway.pop(f, None)  # a function that calls itself is taken to return
        if found is not None and found[0].body is not None:
            graph = Graph(found[0].body, self.may_return(found[1]))
            if graph.never_returns:
                self._never.add(f)

    def may_return(self, info: Info) -> Callable[[ast.CallExpr], bool]:
        """Return what says of a call in a package whether it may return."""

        def answer(call: ast.CallExpr) -> bool:
            if isinstance(call.fun, ast.Ident):
                used = info.uses.get(call.fun)
                if isinstance(used, Builtin) and used.name == "panic":
                    return False
            f = callee(info, call)
            if f is None:
                return True
            of = receiver(f)
            if of is None:
                if f.pkg is not None and (f.pkg.path, f.name) in _ENDS:
                    return False
            elif is_interface(of):
                return True
            elif is_method(f, "testing", "common", *_ENDS_TEST) or is_method(
                f, "log", "Logger", *_FATAL
            ):
                return False
            self._look(f)
            return f not in self._never

        return answer
