"""Variables and imports that are never used (``types2/stmt.go``, ``types2/resolver.go``)."""

from __future__ import annotations

from gosim.golang.types.errors import ErrorsMixin
from gosim.golang.types.objects import Var
from gosim.golang.types.scope import Scope

__all__ = ["UnusedMixin"]


class UnusedMixin(ErrorsMixin):
    """Reports what is not used."""

    def usage(self, scope: Scope) -> None:
        """Report the unused variables of the function whose scope is `scope`."""
        # Those never declared, such as `_`, have no parent.
        unused = [v for v in self.local_vars if not v.used and v.parent is not None]
        if not unused:
            return

        def place(v: Var) -> tuple[list[int], int]:
            # Scope by scope, as they stand in one another, then in source order.
            path: list[int] = []
            at = v.parent
            while at is not None and at is not scope:
                path.append(at.number)
                at = at.parent
            path.reverse()
            return path, v.pos

        unused.sort(key=place)
        for v in unused:
            self.soft_errorf(v.pos, "UnusedVar", "%s", f"declared and not used: {v.name}")

    def unused_imports(self) -> None:
        """Report imports whose names do not occur."""
        for obj in self.imports:
            if obj.name == "_" or obj.used:
                continue
            path = obj.imported.path
            last = path.rpartition("/")[2]
            why = f'"{path}" imported and not used'
            if obj.name not in ("", ".", last):
                why = f'"{path}" imported as {obj.name} and not used'
            self.soft_errorf(obj, "UnusedImport", "%s", why)
