"""Contexts whose cancel function is thrown away, or not used on every way out of a function
(Go: ``passes/lostcancel``)."""

from __future__ import annotations

from gosim.golang import ast
from gosim.golang.types.objects import PkgName, Var
from gosim.golang.types.types import Signature
from gosim.golang.vet.control import Block, Graph, Returning
from gosim.golang.vet.unit import Unit

__all__ = ["check", "has_contexts"]

_MAKERS = frozenset(
    f"With{what}{cause}" for what in ("Cancel", "Timeout", "Deadline") for cause in ("", "Cause")
)


def has_contexts(unit: Unit) -> bool:
    """Whether a package can make a context."""
    return any(each.path == "context" for each in unit.loaded.imports)


def check(unit: Unit, returning: Returning) -> None:
    """Report lost cancel functions."""
    if not has_contexts(unit):
        return
    for file in unit.loaded.files:
        for node in ast.walk(file):
            if isinstance(node, ast.FuncLit | ast.FuncDecl) and node.body is not None:
                _Function(unit, returning, node).check()


class _Function:
    def __init__(self, unit: Unit, returning: Returning, node: ast.FuncLit | ast.FuncDecl) -> None:
        self.unit = unit
        self.info = unit.info
        self.returning = returning
        self.node = node
        assert node.body is not None
        self.body: ast.BlockStmt = node.body
        #: The variables that hold a cancel function, and the statement that puts it there.
        self.variables: dict[Var, ast.AssignStmt | ast.ValueSpec] = {}

    def check(self) -> None:
        self.collect()
        if not self.variables:
            return
        node = self.node
        results: list[Var] = []
        if isinstance(node, ast.FuncDecl):
            obj = self.info.defs.get(node.name)
            signature = None if obj is None else obj.type
            is_main = node.name.name == "main" and node.recv is None
            if is_main and self.unit.loaded.name == "main":
                return  # the process ends there
        else:
            signature = self.info.types[node].type
        if isinstance(signature, Signature) and signature.results is not None:
            results = signature.results.vars
        graph = Graph(self.body, self.returning.may_return(self.info))
        for variable, stmt in self.variables.items():
            found = self.way_out(graph, variable, stmt, any(r is variable for r in results))
            if found is not None:
                line = self.unit.files.line(stmt.pos)
                self.report(
                    stmt.pos,
                    f"the {variable.name} function is not used on all paths "
                    "(possible context leak)",
                )
                self.report(
                    found.pos,
                    "this return statement may be reached without using the "
                    f"{variable.name} var defined on line {line}",
                )

    def report(self, pos: int, text: str) -> None:
        self.unit.report("lostcancel", pos, text)

    def collect(self) -> None:
        """Find the cancel functions of this function, not of the literals in it."""
        waiting: list[tuple[ast.Node, ast.Node | None, ast.Node | None]] = [(self.node, None, None)]
        while waiting:
            node, parent, above = waiting.pop()
            if isinstance(node, ast.FuncLit) and node is not self.node:
                continue
            if isinstance(node, ast.SelectorExpr) and isinstance(parent, ast.CallExpr):
                self.selector(node, above)
            waiting += reversed([(child, node, parent) for child in ast.children(node)])

    def selector(self, node: ast.SelectorExpr, stmt: ast.Node | None) -> None:
        """Look at ``context.WithCancel`` in a call in a statement."""
        if node.sel.name not in _MAKERS or not isinstance(node.x, ast.Ident):
            return
        package = self.info.uses.get(node.x)
        if not isinstance(package, PkgName) or package.imported.path != "context":
            return
        left: ast.Expr | None = None
        if isinstance(stmt, ast.ValueSpec):
            left = stmt.names[1] if len(stmt.names) > 1 else None
        elif isinstance(stmt, ast.AssignStmt):
            left = stmt.lhs[1] if len(stmt.lhs) > 1 else None
        if not isinstance(left, ast.Ident):
            return
        assert isinstance(stmt, ast.ValueSpec | ast.AssignStmt)
        if left.name == "_":
            self.report(
                left.pos,
                f"the cancel function returned by context.{node.sel.name} should be called, not "
                "discarded, to avoid a context leak",
            )
            return
        used, defined = self.info.uses.get(left), self.info.defs.get(left)
        if isinstance(used, Var):
            # Others may use what is declared outside.
            if self.node.pos <= used.pos <= self.body.rbrace:
                self.variables[used] = stmt
        elif isinstance(defined, Var):
            self.variables[defined] = stmt

    def way_out(
        self, graph: Graph, variable: Var, stmt: ast.Node, is_result: bool
    ) -> ast.ReturnStmt | None:
        """Return a return statement that is reached without a use of `variable`."""
        for block in graph.blocks:
            at = next((i for i, node in enumerate(block.nodes) if node is stmt), None)
            if at is not None:
                break
        else:
            return None
        if self.uses(block.nodes[at + 1 :], variable, is_result):
            return None
        if block.returned is not None:
            return block.returned
        seen: set[Block] = set()
        waiting = [*reversed(block.next)]
        while waiting:
            block = waiting.pop()
            if block in seen:
                continue
            seen.add(block)
            if self.uses(block.nodes, variable, is_result):
                continue
            if block.returned is not None:
                return block.returned
            waiting += reversed(block.next)
        return None

    def uses(self, nodes: list[ast.Node], variable: Var, is_result: bool) -> bool:
        """Whether a variable is used, in literals too, or is a result that is returned."""
        for each in nodes:
            for node in ast.walk(each):
                if isinstance(node, ast.Ident):
                    if self.info.uses.get(node) is variable:
                        return True
                elif isinstance(node, ast.ReturnStmt) and not node.results and is_result:
                    return True
        return False
