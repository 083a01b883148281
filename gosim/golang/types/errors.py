"""Errors of the type checker (``types2/errors.go``, ``types2/format.go``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gosim.golang.ast import File, FuncDecl, Node, TypeSpec, source_of, start_pos
from gosim.golang.types.base import Base
from gosim.golang.types.objects import Object
from gosim.golang.types.operand import Operand
from gosim.golang.types.types import Type
from gosim.golang.types.typestring import object_string, type_string
from gosim.golang.types.under import TypeCause

if TYPE_CHECKING:
    from gosim.golang.types.objects import Package

__all__ = ["ErrorDesc", "ErrorsMixin", "TypeError_"]

_VERSION = re.compile(r"requires go[0-9]+\.[0-9]+ or later")
_SUBSCRIPTS = re.compile("[₀-₉]")
_VERB = re.compile("%[sqdv%]")


class TypeError_(Exception):
    """One error: place, Go's text, Go's name of its kind; soft ones leave all types known."""

    def __init__(self, pos: int, text: str, code: str, soft: bool) -> None:
        super().__init__(text)
        self.pos = pos
        self.text = text
        self.code = code
        self.soft = soft

    def __repr__(self) -> str:
        return f"TypeError_({self.pos}, {self.text!r}, {self.code!r})"


class ErrorDesc:
    """An error in the making; every `addf` after the first adds a line to its text."""

    __slots__ = ("check", "code", "desc", "soft")

    def __init__(self, check: ErrorsMixin, code: str) -> None:
        self.check = check
        self.code = code
        self.desc: list[tuple[int, str]] = []
        self.soft = False

    def addf(self, at: Any, format: str, *args: Any) -> None:
        """Add a line; `at` is 0 for none."""
        check = self.check
        self.desc.append((check.at_pos(at), check.sprintf(format, *args)))

    def add_alt_decl(self, obj: Object) -> None:
        """Say where `obj`, of the same name, is declared."""
        if obj.pos:
            self.addf(obj, "other declaration of %s", obj.name)

    def empty(self) -> bool:
        """Say whether nothing was added."""
        return not self.desc

    def pos(self) -> int:
        """Return the place of the error, 0 while there is none."""
        return self.desc[0][0] if self.desc else 0

    def msg(self) -> str:
        """Return the text of all lines."""
        if not self.desc:
            return "no error"
        text = self.desc[0][1]
        for at, line in self.desc[1:]:
            text += "\n\t"
            if at:
                text += f"{self.check.place(at)}: "
            text += line
        return text

    def report(self) -> None:
        """Hand the error over."""
        check = self.check
        assert self.desc, "no error"
        pos, text = self.desc[0]
        # What follows from an earlier error adds nothing.
        if check.first_err is not None and (
            text.find("invalid operand") > 0 or text.find("invalid type") > 0
        ):
            return
        check.handle_error(pos, self.code, self.msg(), self.soft)
        self.desc = []


class ErrorsMixin(Base):
    """Reporting."""

    def at_pos(self, at: Any) -> int:
        if type(at) is int:
            return at
        if isinstance(at, Operand):
            return 0 if at.expr is None else start_pos(at.expr)
        if isinstance(at, FuncDecl):
            # Behind the keyword, as gc.
            return at.name.pos if at.recv is None else at.recv.opening
        if isinstance(at, TypeSpec):
            return at.name.pos
        if isinstance(at, File):
            # As gc: where the file begins, whatever stands there.
            files = self.conf.files
            return at.package if files is None else files.file(at.package).base
        if isinstance(at, Node):
            return start_pos(at)
        assert isinstance(at, Object), at
        return at.pos

    def place(self, pos: int) -> str:
        """Spell a position as Go does inside texts."""
        files = self.conf.files
        return str(pos) if files is None else str(files.position(pos))

    def text(self, x: Any) -> str:
        if type(x) is str:
            return x
        if isinstance(x, Type):
            return type_string(x, self.qualifier, self.place)
        if isinstance(x, Operand):
            return x.describe(self.qualifier, self.place)
        if isinstance(x, Object):
            return object_string(x, self.qualifier, self.place)
        if isinstance(x, Node):
            return source_of(x)
        if isinstance(x, list | tuple):
            return f"[{', '.join([self.text(each) for each in x])}]"
        if isinstance(x, TypeCause):
            return self.sprintf(x.format, *x.args)
        if x is None:
            return "<nil>"
        return str(x)

    def sprintf(self, format: str, *args: Any) -> str:
        if not args:
            return format.replace("%%", "%")
        rest = iter(args)

        def fill(found: re.Match[str]) -> str:
            verb = found[0]
            if verb == "%%":
                return "%"
            text = self.text(next(rest))
            return f'"{text}"' if verb == "%q" else text

        return _VERB.sub(fill, format)

    def qualifier(self, pkg: Package) -> str:
        if pkg is self.pkg:
            return ""
        # Two packages of the same name are told apart by their paths.
        paths: dict[str, None] = {}
        seen: set[Package] = set()
        waiting = [self.pkg]
        while waiting:
            each = waiting.pop()
            if each in seen:
                continue
            seen.add(each)
            if each.name == pkg.name:
                paths[each.path] = None
            waiting.extend(each.imports)
        return f'"{pkg.path}"' if len(paths) > 1 else pkg.name

    def new_error(self, code: str) -> ErrorDesc:
        return ErrorDesc(self, code)

    def error(self, at: Any, code: str, text: str) -> None:
        err = ErrorDesc(self, code)
        err.desc.append((self.at_pos(at), text))
        err.report()

    def errorf(self, at: Any, code: str, format: str, *args: Any) -> None:
        err = ErrorDesc(self, code)
        err.addf(at, format, *args)
        err.report()

    def soft_errorf(self, at: Any, code: str, format: str, *args: Any) -> None:
        err = ErrorDesc(self, code)
        err.addf(at, format, *args)
        err.soft = True
        err.report()

    def handle_error(self, pos: int, code: str, text: str, soft: bool) -> None:
        """Keep an error and pass it on."""
        # In an inherited constant initializer the place is that of the constant declared.
        if self.errpos:
            pos = self.errpos
        if code == "InvalidSyntaxTree":
            text = "invalid syntax tree: " + text
        text = _SUBSCRIPTS.sub("", text)
        if _VERSION.search(text):
            text += self.version_hint(pos)
        err = TypeError_(pos, text, code, soft)
        if self.first_err is None:
            self.first_err = err
        self.errors.append(err)
        if self.conf.error is not None:
            self.conf.error(err)

    def version_hint(self, pos: int) -> str:
        """Say where the language version comes from that an error complains about."""
        raise NotImplementedError
