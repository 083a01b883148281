"""Terminating statements, for "missing return" (``types2/return.go``)."""

from __future__ import annotations

from collections.abc import Sequence

from gosim.golang.ast import (
    BlockStmt,
    BranchStmt,
    CallExpr,
    CaseClause,
    CommClause,
    EmptyStmt,
    ExprStmt,
    ForStmt,
    IfStmt,
    LabeledStmt,
    RangeStmt,
    ReturnStmt,
    SelectStmt,
    Stmt,
    SwitchStmt,
    TypeSwitchStmt,
    unparen,
)
from gosim.golang.types.errors import ErrorsMixin

__all__ = ["ReturnsMixin"]


class ReturnsMixin(ErrorsMixin):
    """Says which statements control does not pass."""

    def is_terminating(self, s: Stmt, label: str) -> bool:
        if isinstance(s, ReturnStmt):
            return True
        if isinstance(s, BlockStmt):
            return self._list_terminates(s.list)
        if isinstance(s, ExprStmt):
            call = unparen(s.x)
            return isinstance(call, CallExpr) and call in self.is_panic
        if isinstance(s, IfStmt):
            return (
                s.else_ is not None
                and self.is_terminating(s.body, "")
                and self.is_terminating(s.else_, "")
            )
        if isinstance(s, ForStmt):
            return s.cond is None and not _has_break(s.body, label, True)
        if isinstance(s, SwitchStmt | TypeSwitchStmt):
            default = False
            for clause in s.body.list:
                assert isinstance(clause, CaseClause)
                if clause.list is None:
                    default = True
                if not self._list_terminates(clause.body) or _list_breaks(clause.body, label, True):
                    return False
            return default
        if isinstance(s, SelectStmt):
            for clause in s.body.list:
                assert isinstance(clause, CommClause)
                if not self._list_terminates(clause.body) or _list_breaks(clause.body, label, True):
                    return False
            return True
        if isinstance(s, LabeledStmt):
            return self.is_terminating(s.stmt, s.label.name)
        if isinstance(s, BranchStmt):
            return s.tok == "goto" or s.tok == "fallthrough"
        return False

    def _list_terminates(self, statements: Sequence[Stmt]) -> bool:
        for s in reversed(statements):
            if not isinstance(s, EmptyStmt):
                return self.is_terminating(s, "")
        return False


def _has_break(s: Stmt, label: str, implicit: bool) -> bool:
    """Say whether `s` breaks out of the statement around it that has `label`."""
    if isinstance(s, BranchStmt):
        if s.tok == "break":
            return implicit if s.label is None else s.label.name == label
        return False
    if isinstance(s, BlockStmt):
        return _list_breaks(s.list, label, implicit)
    if isinstance(s, IfStmt):
        return _has_break(s.body, label, implicit) or (
            s.else_ is not None and _has_break(s.else_, label, implicit)
        )
    if isinstance(s, LabeledStmt):
        return _has_break(s.stmt, label, implicit)
    if not label:
        return False
    if isinstance(s, CaseClause | CommClause):
        return _list_breaks(s.body, label, implicit)
    if isinstance(s, SwitchStmt | TypeSwitchStmt | SelectStmt):
        return _list_breaks(s.body.list, label, False)
    if isinstance(s, ForStmt | RangeStmt):
        return _has_break(s.body, label, False)
    return False


def _list_breaks(statements: Sequence[Stmt], label: str, implicit: bool) -> bool:
    # No any(): blocks nest, and a generator would take C stack for every level.
    for s in statements:  # noqa: SIM110
        if _has_break(s, label, implicit):
            return True
    return False
