"""A package as the checks see it, and what they found in it."""

from __future__ import annotations

from dataclasses import dataclass

from gosim.golang import ast
from gosim.golang.errors import Diagnostic
from gosim.golang.packages import Loaded
from gosim.golang.position import FileSet
from gosim.golang.types.info import Info
from gosim.golang.types.objects import Func, Package
from gosim.golang.types.types import Named, Pointer, Signature, Type, unalias
from gosim.golang.types.typestring import TypeWriter
from gosim.golang.vet.spelling import Speller

__all__ = ["Finding", "Unit", "callee", "is_method", "receiver"]


@dataclass(frozen=True, slots=True)
class Finding(Diagnostic):
    """Something suspicious; `check` is go vet's name of what found it."""

    check: str


class Unit:
    """One package under examination.

    Parameters
    ----------
    loaded : Loaded
        Its trees and types.
    files : FileSet
        Where positions lie.
    path : str
        The import path that texts show; a program's own is ``command-line-arguments`` or that of
        its folder, as the go command calls it.
    """

    def __init__(self, loaded: Loaded, files: FileSet, path: str) -> None:
        self.loaded = loaded
        self.info: Info = loaded.info
        self.files = files
        self.found: list[Finding] = []
        own = loaded.package

        def name_of(package: Package) -> str:
            return path if package is own else package.path

        self._types = TypeWriter(name_of)
        self.spell = Speller(files)

    def report(self, check: str, pos: int, text: str) -> None:
        """Note a finding."""
        self.found.append(Finding(self.files.position(pos), text, check))

    def type_text(self, t: Type) -> str:
        """Spell a type with import paths."""
        return self._types.type(t)


def callee(info: Info, call: ast.CallExpr) -> Func | None:
    """Return the function or method that a call names, abstract methods of interfaces too."""
    fun = ast.unparen(call.fun)
    if isinstance(fun, ast.IndexExpr | ast.IndexListExpr):
        fun = ast.unparen(fun.x)
    if isinstance(fun, ast.SelectorExpr):
        fun = fun.sel
    used = info.uses.get(fun) if isinstance(fun, ast.Ident) else None
    return used if isinstance(used, Func) else None


def receiver(f: Func) -> Type | None:
    """Return the type whose method `f` is, without a pointer; None for a function."""
    signature = f.type
    if not isinstance(signature, Signature) or signature.recv is None:
        return None
    t = signature.recv.type
    t = None if t is None else unalias(t)
    return unalias(t.base) if isinstance(t, Pointer) else t


def is_method(f: Func | None, path: str, type_name: str, *names: str) -> bool:
    """Whether a function is one of the methods of a type of the package at `path`."""
    if f is None or f.name not in names:
        return False
    t = receiver(f)
    return (
        isinstance(t, Named)
        and t.obj.name == type_name
        and t.obj.pkg is not None
        and t.obj.pkg.path == path
    )
