"""Function literals that share the variable of a loop, before Go 1.22 (``passes/loopclosure``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gosim.golang import ast
from gosim.golang.types.info import Info
from gosim.golang.types.objects import Object
from gosim.golang.vet.unit import Unit, callee, is_method

__all__ = ["check"]

_LOOP_VARIABLES_PER_TURN = 22


def check(unit: Unit) -> None:
    """Report loop variables in literals that run when the loop has gone on."""
    for file in unit.loaded.files:
        if unit.info.file_versions.get(file, _LOOP_VARIABLES_PER_TURN) < _LOOP_VARIABLES_PER_TURN:
            for node in ast.walk(file):
                if isinstance(node, ast.RangeStmt | ast.ForStmt):
                    _check_loop(unit, node)


def _check_loop(unit: Unit, loop: ast.RangeStmt | ast.ForStmt) -> None:
    info = unit.info
    variables: list[Object] = []
    for x in _updated(loop):
        obj = info.object_of(x) if isinstance(x, ast.Ident) else None
        if obj is not None:
            variables.append(obj)
    if not variables:
        return
    # Only the last statement: whether others are waited for is hard to say.
    for last in _last(loop.body.list):
        if isinstance(last, ast.GoStmt | ast.DeferStmt):
            call = last.call
            if isinstance(call, ast.CallExpr):
                _report(unit, variables, _body(call.fun))
        elif isinstance(last, ast.ExprStmt) and isinstance(last.x, ast.CallExpr):
            f = callee(info, last.x)
            if is_method(f, "golang.org/x/sync/errgroup", "Group", "Go"):
                _report(unit, variables, _body(last.x.args[0]))
    for each in loop.body.list:
        if isinstance(each, ast.ExprStmt) and isinstance(each.x, ast.CallExpr):
            _report(unit, variables, _behind_parallel(info, each.x))


def _updated(loop: ast.RangeStmt | ast.ForStmt) -> list[ast.Expr | None]:
    """What the head of a loop changes."""
    if isinstance(loop, ast.RangeStmt):
        return [loop.key, loop.value]
    if isinstance(loop.post, ast.AssignStmt):
        return [*loop.post.lhs]
    return [loop.post.x] if isinstance(loop.post, ast.IncDecStmt) else []


def _report(unit: Unit, variables: Sequence[Object], statements: Sequence[ast.Stmt]) -> None:
    for each in statements:
        for node in ast.walk(each):
            used = unit.info.uses.get(node) if isinstance(node, ast.Ident) else None
            if used is not None:
                assert isinstance(node, ast.Ident)
                for variable in variables:
                    if variable is used:
                        text = f"loop variable {node.name} captured by func literal"
                        unit.report("loopclosure", node.pos, text)


def _last(statements: Sequence[ast.Stmt]) -> Iterator[ast.Stmt]:
    """Yield the statements that may be the last to run."""
    if not statements:
        return
    last: ast.Stmt | None = statements[-1]
    match last:
        case ast.IfStmt():
            while isinstance(last, ast.IfStmt):
                yield from _last(last.body.list)
                last = last.else_
            if isinstance(last, ast.BlockStmt):
                yield from _last(last.list)
        case ast.ForStmt() | ast.RangeStmt():
            yield from _last(last.body.list)
        case ast.SwitchStmt() | ast.TypeSwitchStmt() | ast.SelectStmt():
            for clause in last.body.list:
                if isinstance(clause, ast.CaseClause | ast.CommClause):
                    yield from _last(clause.body)
        case ast.Stmt():
            yield last


def _body(fun: ast.Expr) -> list[ast.Stmt]:
    return fun.body.list if isinstance(fun, ast.FuncLit) else []


def _behind_parallel(info: Info, call: ast.CallExpr) -> list[ast.Stmt]:
    """Return the statements of a subtest that certainly run beside the loop."""
    if not is_method(callee(info, call), "testing", "T", "Run") or len(call.args) != 2:
        return []
    literal = call.args[1]
    if not isinstance(literal, ast.FuncLit) or not literal.type.params.list[0].names:
        return []
    t = info.defs.get(literal.type.params.list[0].names[0])
    if t is None:
        return []
    behind: list[ast.Stmt] = []
    parallel = False
    for each in literal.body.list:
        stmt = each
        while isinstance(stmt, ast.LabeledStmt):
            # Somebody may have jumped over what came before.
            behind, parallel = [], False
            stmt = stmt.stmt
        if parallel:
            behind.append(stmt)
        elif isinstance(stmt, ast.ExprStmt) and isinstance(stmt.x, ast.CallExpr):
            fun = stmt.x.fun
            parallel = (
                is_method(callee(info, stmt.x), "testing", "T", "Parallel")
                and isinstance(fun, ast.SelectorExpr)
                and isinstance(fun.x, ast.Ident)
                and info.uses.get(fun.x) is t
            )
    return behind
