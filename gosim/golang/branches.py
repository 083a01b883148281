"""Labels and the statements that jump (spec, "Labeled statements" to "Goto statements").

Checked right after a function is parsed, and worded, as in the gc compiler
(``cmd/compile/internal/syntax/branches.go``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gosim.golang.ast import (
    AssignStmt,
    BlockStmt,
    BranchStmt,
    CaseClause,
    CommClause,
    DeclStmt,
    EmptyStmt,
    ForStmt,
    Ident,
    IfStmt,
    LabeledStmt,
    RangeStmt,
    SelectStmt,
    Stmt,
    SwitchStmt,
    TypeSwitchStmt,
    ValueSpec,
    source_of,
)
from gosim.golang.position import NO_POS, SourceFile

__all__ = ["check_branches"]


@dataclass(slots=True, eq=False)
class _Block:
    parent: _Block | None
    start: int
    #: The labelled statement this block belongs to.
    labeled: LabeledStmt | None


@dataclass(slots=True, eq=False)
class _Label:
    block: _Block
    statement: LabeledStmt
    used: bool = False


@dataclass(slots=True, eq=False)
class _Around:
    """What ``break``, ``continue`` and ``fallthrough`` refer to."""

    breaks: Stmt | None = None
    continues: Stmt | None = None
    #: The number of the case directly around, or -1.
    case: int = -1


@dataclass(slots=True, eq=False)
class _Scope:
    file: SourceFile
    labels: dict[str, _Label] = field(default_factory=dict)
    errors: list[tuple[int, str]] = field(default_factory=list)


def check_branches(body: BlockStmt, file: SourceFile) -> list[tuple[int, str]]:
    """Return what is wrong with the labels and jumps of one function: (`Pos`, Go's text).

    Function literals inside it are not looked into: each was checked on its own.
    """
    scope = _Scope(file)
    for jump in _block(scope, None, _Around(), None, body.lbrace, body.list):
        assert jump.label is not None
        name, label = jump.label.name, scope.labels.get(jump.label.name)
        if label is None:
            scope.errors.append((jump.label.pos, f"label {name} not defined"))
        else:
            label.used = True
            start = file.position(label.block.start)
            why = f"goto {name} jumps into block starting at {start}"
            scope.errors.append((jump.label.pos, why))
    for name, label in scope.labels.items():
        if not label.used:
            scope.errors.append((label.statement.label.pos, f"label {name} defined and not used"))
    return scope.errors


def _block(
    scope: _Scope,
    parent: _Block | None,
    around: _Around,
    labeled: LabeledStmt | None,
    start: int,
    body: Sequence[Stmt],
) -> list[BranchStmt]:
    """Check one block; return its ``goto`` statements whose label has not been seen yet."""
    block = _Block(parent, start, labeled)
    errors = scope.errors
    forward: list[BranchStmt] = []
    # The variable declared last, and the jumps that pass over it if their label comes after.
    variable, variable_pos = "", NO_POS
    over: list[BranchStmt] = []
    statements = list(body)
    while statements and isinstance(statements[-1], EmptyStmt):
        statements.pop()
    for number, statement in enumerate(statements):
        labeled = None
        while isinstance(statement, LabeledStmt):
            name = statement.label.name
            if name != "_":
                label = scope.labels.get(name)
                if label is None:
                    label = scope.labels[name] = _Label(block, statement)
                else:
                    at = scope.file.position(label.statement.label.pos)
                    why = f"label {name} already defined at {at}"
                    errors.append((statement.label.pos, why))
                waiting = []
                for jump in forward:
                    assert jump.label is not None
                    if jump.label.name != name:
                        waiting.append(jump)
                        continue
                    label.used = True
                    if jump in over:
                        at = scope.file.position(variable_pos)
                        why = f"goto {name} jumps over declaration of {variable} at {at}"
                        errors.append((jump.label.pos, why))
                forward = waiting
                labeled = statement
            statement = statement.stmt
        inner = _Around(around.breaks, around.continues)
        parts: list[tuple[int, list[Stmt]]] = []
        match statement:
            case DeclStmt(decl) if decl.tok == "var" and decl.specs:
                first = decl.specs[0]
                assert isinstance(first, ValueSpec)
                variable, variable_pos, over = first.names[0].name, first.pos, list(forward)
            case AssignStmt(lhs, tok_pos, ":=", _):
                variable = ", ".join(source_of(x) for x in lhs)
                variable_pos, over = tok_pos, list(forward)
            case BranchStmt(tok="goto", label=Ident() as target):
                if not _goto_target(scope, block, target.name):
                    forward.append(statement)
            case BranchStmt(label=None):
                last = number + 1 == len(statements)
                why = _plain_jump(statement, around, last)
                if why:
                    errors.append((statement.tok_pos, why))
            case BranchStmt(label=Ident() as target):
                why = _labeled_jump(scope, block, statement.tok, target.name)
                if why:
                    errors.append((target.pos, why))
            case BlockStmt():
                parts = [(statement.lbrace, statement.list)]
            case IfStmt():
                parts = _arms(statement)
            case ForStmt() | RangeStmt():
                inner = _Around(statement, statement)
                parts = [(statement.body.lbrace, statement.body.list)]
            case SwitchStmt() | TypeSwitchStmt() | SelectStmt():
                inner.breaks = statement
                for case, clause in enumerate(statement.body.list):
                    assert isinstance(clause, CaseClause | CommClause)
                    if not isinstance(statement, SelectStmt):
                        inner.case = case
                    forward += _block(scope, block, inner, labeled, clause.case, clause.body)
        for at_, part in parts:
            forward += _block(scope, block, inner, labeled, at_, part)
    return forward


def _arms(statement: IfStmt) -> list[tuple[int, list[Stmt]]]:
    """The blocks of an ``if``; each ``else`` is a block around what follows it."""
    arms = [(statement.body.lbrace, statement.body.list)]
    if statement.else_ is not None:
        arms.append((statement.else_.pos, [statement.else_]))
    return arms


def _goto_target(scope: _Scope, block: _Block | None, name: str) -> bool:
    label = scope.labels.get(name)
    if label is None:
        return False
    label.used = True
    while block is not None:
        if label.block is block:
            return True
        block = block.parent
    return False


def _plain_jump(statement: BranchStmt, around: _Around, last: bool) -> str:
    """Say what is wrong with a jump without label; empty when nothing is."""
    if statement.tok == "break":
        return "" if around.breaks is not None else "break is not in a loop, switch, or select"
    if statement.tok == "continue":
        return "" if around.continues is not None else "continue is not in a loop"
    switch = around.breaks
    if isinstance(switch, TypeSwitchStmt):
        return "cannot fallthrough in type switch"
    if not isinstance(switch, SwitchStmt) or around.case < 0 or not last:
        return "fallthrough statement out of place"
    if around.case + 1 == len(switch.body.list):
        return "cannot fallthrough final case in switch"
    return ""


def _labeled_jump(scope: _Scope, block: _Block | None, tok: str, name: str) -> str:
    """Say what is wrong with ``break L`` or ``continue L``; empty when nothing is."""
    label = scope.labels.get(name)
    if label is None:
        return f"{tok} label not defined: {name}"
    label.used = True
    while block is not None and block.labeled is not label.statement:
        block = block.parent
    target = label.statement.stmt if block is not None else None
    loops = isinstance(target, ForStmt | RangeStmt)
    switches = isinstance(target, SwitchStmt | TypeSwitchStmt | SelectStmt)
    if loops or (tok == "break" and switches):
        return ""
    return f"invalid {tok} label {name}"
