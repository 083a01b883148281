"""What a call is: which function of a program runs for each request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import CO_COROUTINE, CO_ITERABLE_COROUTINE, CO_VARARGS
from types import CoroutineType
from typing import TYPE_CHECKING, Any, Final

from gosim.runtime.errors import LoadError, UsageError
from gosim.runtime.program import File, Function, Program

if TYPE_CHECKING:
    from collections.abc import Coroutine

__all__ = ["Served", "served"]

_ASYNC: Final = CO_COROUTINE | CO_ITERABLE_COROUTINE

Handler = Callable[[int], "Coroutine[Any, Any, Any]"]
"""Given the number of a call, returns the coroutine of its goroutine."""


class Served(Program):
    """A program of which one function is called for each request, and not ``main`` once.

    Parameters
    ----------
    program : Program
        A Python file or function, or a Go program.
    function : str
        The function, ``main`` for what the program would start.

    Attributes
    ----------
    handler : Handler
        After a start.
    function : str
    """

    def __init__(self, program: Program, function: str = "main") -> None:
        self.program = program
        self.function = function
        self.name, self.file, self.deep = program.name, program.file, program.deep
        self.go_line, self.written_in = program.go_line, program.written_in
        self.notices = program.notices
        if isinstance(program, Function):
            self.function = program.name.rpartition(".")[2]

    def begin(self) -> tuple[Handler, Callable[[], Any] | None, dict[str, Any]]:
        """Start the program: return its handler, what runs before the first call, and its globals.

        Called inside the new world.

        Raises
        ------
        GosimError
            When the program cannot be loaded, or has no such function.
        """
        program = self.program
        if isinstance(program, Function):
            main, namespace = program.start()
            return _calls(program.main, program.args), None, namespace
        if isinstance(program, File):
            if self.function == "main":
                try:
                    main, namespace = program.start()
                except LoadError as error:
                    if "`async def main()`" in error.message:
                        error.message += "; or name what each call runs: FILE.py:handle"
                    raise
                self.variant = program.variant
                self.function = getattr(main, "__name__", "main")
                return _calls(main), None, namespace
            self.program = file = _Part(program)  # which knows afterwards what to undo
            _, namespace = file.start()
            return _calls(self._python(namespace)), None, namespace
        return self._go()

    def _python(self, namespace: Mapping[str, Any]) -> Any:
        """Return the function of a Python file."""
        found = namespace.get(self.function)
        if callable(found) and not isinstance(found, type):
            return found
        names = [
            name
            for name, value in namespace.items()
            if hasattr(value, "__code__") and value.__code__.co_filename == self.file
        ]
        raise UsageError(_no_function(self.function, names), self.file)

    def _go(self) -> tuple[Handler, Callable[[], Any] | None, dict[str, Any]]:
        """Start a Go program: its package variables and ``init`` functions, not its ``main``."""
        program: Any = self.program
        everything = list(program.start_names)
        program.start_names = [name for name in everything if name != "main.main"]
        try:
            initialise, namespace = program.start()
        finally:
            program.start_names = everything
        found = namespace.get(f"main.{self.function}")
        code = getattr(found, "__code__", None)
        if code is None:
            known = [n.removeprefix("main.") for n in namespace if n.startswith("main.")]
            names = [n for n in known if n.isidentifier() and callable(namespace[f"main.{n}"])]
            raise UsageError(_no_function(self.function, names), self.file)
        if code.co_argcount or code.co_flags & CO_VARARGS:
            raise UsageError(
                f"func {self.function} takes arguments, and a call of the load has none: write a "
                "function without parameters that calls it",
                self.file,
            )
        return _calls(found), initialise, namespace

    def start(self) -> tuple[Callable[[], Any], dict[str, Any]]:
        """Not used: a load has a main of its own."""
        raise NotImplementedError

    def codes(self) -> Any:
        """Yield the code objects of the program."""
        return self.program.codes()

    def finish(self) -> None:
        """Undo what the start did to the interpreter."""
        self.program.finish()


class _Part(File):
    """A file of which a function is taken that need not be its main."""

    def __init__(self, file: File) -> None:
        self.__dict__.update(file.__dict__)

    def _main(self, namespace: dict[str, Any]) -> tuple[str, Any]:
        return "main", _nothing


async def _nothing() -> None:
    pass


def _no_function(name: str, names: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, names, n=1, cutoff=0.5)
    meant = f"did you mean {close[0]}?" if close else ""
    has = meant or (f"it has {', '.join(sorted(names))}" if names else "it has no function")
    return f"there is no function {name!r} in this program that a call could run; {has}"


def _calls(function: Any, args: tuple[Any, ...] = ()) -> Handler:
    """Return what makes the coroutine of one call; the number goes to who takes one argument."""
    code: Any = getattr(function, "__code__", None)
    bound = 1 if hasattr(function, "__self__") else 0
    wanted = 0
    if code is not None and not args:
        wanted = code.co_argcount - bound - len(function.__defaults__ or ())
    if wanted > 1:
        raise UsageError(
            f"{function.__name__} takes {wanted} arguments: a call has none, or its number",
            code.co_filename,
            code.co_firstlineno,
        )
    if code is None or not code.co_flags & _ASYNC:

        def plain(number: int) -> Coroutine[Any, Any, Any]:
            return _plain(f=function, args=(number,) if wanted == 1 else args)

        return plain

    def call(number: int) -> Coroutine[Any, Any, Any]:
        coro = function(number) if wanted == 1 else function(*args)
        if type(coro) is not CoroutineType:
            return _awaiting(f=coro)
        return coro

    return call


# Keywords, for what stands before the star would count as arguments of a go statement.
async def _plain(*, f: Any, args: tuple[Any, ...]) -> None:
    result = f(*args)
    if hasattr(result, "__await__") or hasattr(result, "send"):
        await result


async def _awaiting(*, f: Any) -> None:
    await f


def served(program: Program, function: str | None = None) -> Served:
    """Return a program with the function that each call runs."""
    return Served(program, function or "main")
