"""Names of channels, locks and timers: the variable each was first stored in.

Nothing is remembered while a program runs but the instruction that made the object
(``made_code``, ``made_lasti``).  Asked for at the end, the name is read from the bytecode: the
store that follows the call.  Looking for the object in the variables of suspended frames would need
``f_locals``, which keeps dead objects alive up to Python 3.12, and would find nothing once the
function that made it has returned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import CodeType, FunctionType, MethodType
from typing import Any, Final

from gosim.leaks.bytecode import Call, Expr, nested, scan, text_of
from gosim.runtime.traceback import is_runtime_file

GO: Final = "go"
"""Functions and methods of this name start goroutines: ``go(f, x)``, ``wg.go(f, x)``."""


class Code:
    """The code objects of a program: its functions by name, and what each is inside of.

    Parameters
    ----------
    namespaces
        The globals of the program's modules.
    codes
        More code objects that are known to belong to it, of suspended frames for example.
    """

    def __init__(
        self, namespaces: Iterable[Mapping[str, Any]] = (), codes: Iterable[CodeType] = ()
    ) -> None:
        self.globals: dict[str, CodeType] = {}
        self.classes: dict[str, dict[str, CodeType]] = {}
        self.parent: dict[CodeType, CodeType] = {}
        self.all: dict[CodeType, None] = {}
        for namespace in namespaces:
            for name, value in list(namespace.items()):
                if isinstance(value, type):
                    self._add_class(name, value)
                elif (code := code_of(value)) is not None and self._add(code):
                    self.globals.setdefault(name, code)
        for code in codes:
            self._add(code)

    def _add(self, code: CodeType) -> bool:
        if is_runtime_file(code.co_filename):
            return False
        if code not in self.all:
            for inner in nested(code):
                self.all.setdefault(inner)
                for constant in inner.co_consts:
                    if isinstance(constant, CodeType):
                        self.parent.setdefault(constant, inner)
        return True

    def _add_class(self, name: str, cls: type) -> None:
        methods = {}
        for key, value in list(vars(cls).items()):
            code = code_of(value)
            if code is not None and self._add(code):
                methods[key] = code
        if methods:
            self.classes.setdefault(name, methods)

    def function(self, expr: Expr, inside: CodeType) -> tuple[CodeType, int] | None:
        """Return the function an expression names, and how many parameters come before the first
        argument (``self``); None if that cannot be told."""
        if expr is None:
            return None
        kind = expr[0]
        if kind == "func":
            return (expr[1], 0) if expr[1] is not None else None
        if kind == "attr":
            found = [m[expr[2]] for m in self.classes.values() if expr[2] in m]
            return (found[0], 1) if len(found) == 1 else None
        if kind not in ("name", "global"):
            return None
        name = expr[1]
        if kind == "name":
            place: CodeType | None = inside
            while place is not None:
                for constant in place.co_consts:
                    if isinstance(constant, CodeType) and constant.co_name == name:
                        return constant, 0
                place = self.parent.get(place)
        if name in self.globals:
            return self.globals[name], 0
        methods = self.classes.get(name)
        if methods is not None and "__init__" in methods:
            return methods["__init__"], 1
        return None


def code_of(value: object) -> CodeType | None:
    """Return the code object of a function or method (decorated ones: what they wrap)."""
    if isinstance(value, staticmethod | classmethod):
        value = value.__func__
    if isinstance(value, MethodType):
        value = value.__func__
    wrapped = getattr(value, "__wrapped__", None)
    if isinstance(wrapped, FunctionType):
        value = wrapped
    return value.__code__ if isinstance(value, FunctionType) else None


def defers(call: Call, code: Code, inside: CodeType) -> bool:
    """Whether a call defers its first argument: ``d`` of ``async with defers() as d``."""
    callee = call.callee
    if callee is None or callee[0] not in ("name", "global"):
        return callee is not None and callee[-1] == "defer"
    place: CodeType | None = inside
    while place is not None:
        given = scan(place)
        stored = [expr for _, name, expr in given.stores if name == callee[1]]
        if stored or callee[1] in place.co_varnames:
            return any(_is_defers(expr, given.calls) for expr in stored)
        place = code.parent.get(place)
    return bool(callee[1] == "defer")


def _is_defers(expr: Expr, calls: list[Call]) -> bool:
    if expr is None or expr[0] != "await" or expr[1] is None or expr[1][0] != "call":
        return False
    call = next((c for c in calls if c.offset == expr[1][1]), None)
    return call is not None and call.callee is not None and call.callee[-1] == "defers"


def started_function(
    call: Call, code: Code | None = None, inside: CodeType | None = None
) -> tuple[Expr, int] | None:
    """Return the function a call starts or calls, and how many arguments come before its own.

    ``go(f, x)`` gives f and 1, ``f(x)`` gives f and 0; ``defer(f, x)``, ``wg.go(f, x)``,
    ``once.do(f)`` and ``time.after_func(d, f)`` are understood as calls of f.
    """
    callee = call.callee
    if callee is None:
        return None
    name = callee[-1] if callee[0] in ("name", "global", "attr") else None
    if name in (GO, "defer", "do", "once_func", "once_value") and call.args:
        return call.args[0], 1
    if code is not None and inside is not None and call.args and defers(call, code, inside):
        return call.args[0], 1
    if name == "after_func" and len(call.args) > 1:
        return call.args[1], 2
    return callee, 0


def parameter(
    call: Call, position: int | str, code: Code, inside: CodeType
) -> tuple[CodeType, str] | None:
    """Return the function and the name of its parameter that receives an argument of a call."""
    started = started_function(call, code, inside)
    if started is None:
        return None
    target, skipped = started
    found = code.function(target, inside)
    if found is None:
        return None
    function, bound = found
    if isinstance(position, str):
        known = function.co_argcount + function.co_kwonlyargcount
        return (function, position) if position in function.co_varnames[:known] else None
    index = position - skipped + bound
    if position < skipped or index >= function.co_argcount:
        return None
    return function, function.co_varnames[index]


def name_of(thing: Any, code: Code | None = None) -> str | None:
    """Return the name of a channel, lock, group or timer; None when it was never stored.

    Parameters
    ----------
    thing
        Anything with ``made_code`` and ``made_lasti``.
    code : Code, optional
        The program, for objects that were made inside a comprehension or handed on directly: then
        the name of the list, or of the parameter, is found.
    """
    made = getattr(thing, "made_code", None)
    if made is None or is_runtime_file(made.co_filename):
        return None
    return name_at(made, thing.made_lasti, code or Code(codes=[made]))


def name_at(made: CodeType, lasti: int, code: Code) -> str | None:
    """Return the name of what the call at `lasti` of `made` returned."""
    found = stored_site(made, lasti, code)
    return None if found is None else found[1]


def stored_site(made: CodeType, lasti: int, code: Code) -> tuple[CodeType, str] | None:
    """Return the variable that the result of a call was first stored in, and its function."""
    found = scan(made)
    # Up to 3.12 a frame that calls may point into the instruction's inline cache.
    lasti = max((c.offset for c in found.calls if c.offset <= lasti), default=lasti)
    name = found.stored.get(lasti)
    if name is not None and name[0] != ".":  # a temporary of code that is compiled from Go
        return made, name
    target: Expr = ("call", lasti)
    if target in found.collected:
        home = made
        name = found.stored.get(found.collected[target])
        if name is None and made in code.parent:
            # Before 3.12 a comprehension is a function of its own: its result has the name.
            home = code.parent[made]
            outer = scan(home)
            names = (outer.stored.get(c.offset) for c in outer.calls if c.callee == ("func", made))
            name = next(names, None)
        return None if name is None else (home, f"{name}[…]")
    for call in found.calls:
        places: list[tuple[int | str, Expr]] = [*enumerate(call.args), *call.keywords]
        for position, arg in places:
            if arg == target:
                return _handed_on(call, position, code, made)
    return None


def _handed_on(
    call: Call, position: int | str, code: Code, made: CodeType
) -> tuple[CodeType, str] | None:
    """Return the name of an object that is an argument before it is in any variable."""
    callee = call.callee
    if callee is not None and callee[0] == "attr" and callee[2] in ("append", "add", "put"):
        name = text_of(callee[1])
        return None if name is None else (made, f"{name}[…]")
    if callee is not None and callee[-1] == "go:Cell":  # a variable that closures share
        name = scan(made).stored.get(call.offset)
        return None if name is None else (made, name)
    if callee is not None and callee[-1] == "Cond":
        name = scan(made).stored.get(call.offset)
        return None if name is None else (made, f"{name}.L")
    return parameter(call, position, code, made)
