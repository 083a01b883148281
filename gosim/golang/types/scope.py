"""Scopes: names and what they stand for in a stretch of source (Go's ``types.Scope``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gosim.golang.types.objects import Object


class Scope:
    """The names of one block; `elems` keeps the order of declaration.

    Attributes
    ----------
    parent
        The enclosing scope, None for the universe.
    is_func
        Whether it is the outermost scope of a function.
    pos, end
        The source it covers.
    """

    __slots__ = ("children", "comment", "elems", "end", "is_func", "number", "parent", "pos")

    def __init__(self, parent: Scope | None, pos: int = 0, end: int = 0, comment: str = "") -> None:
        self.parent = parent
        self.children: list[Scope] = []
        self.number = 0
        self.elems: dict[str, Object] = {}
        self.pos = pos
        self.end = end
        self.comment = comment
        self.is_func = False
        # The universe does not know who uses it.
        if parent is not None and parent.parent is not None:
            parent.children.append(self)
            self.number = len(parent.children)

    def __len__(self) -> int:
        return len(self.elems)

    def __bool__(self) -> bool:
        return True

    def names(self) -> list[str]:
        """Return the names in the order of declaration."""
        return list(self.elems)

    def lookup(self, name: str) -> Object | None:
        """Return what `name` stands for in this very scope."""
        return self.elems.get(name)

    def lookup_ignoring_case(self, name: str, exported: bool) -> list[Object]:
        """Return what has that name in any case, sorted by name."""
        from gosim.golang.types.objects import is_exported

        folded = name.casefold()
        return [
            self.elems[n]
            for n in sorted(self.elems)
            if n.casefold() == folded and (not exported or is_exported(n))
        ]

    def insert(self, obj: Object) -> Object | None:
        """Declare `obj`; return the one of the same name, if any, instead."""
        name = obj.name
        other = self.elems.get(name)
        if other is not None:
            return other
        self.elems[name] = obj
        if obj.parent is None:
            obj.parent = self
        return None

    def __str__(self) -> str:
        inside = "".join(f".  {obj}\n" for obj in self.elems.values())
        return f"{self.comment} scope {{\n{inside}}}\n"
