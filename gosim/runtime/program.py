"""Programs: what a run executes, again from nothing each time.

A file is compiled once and executed in a fresh module for every run, so that no variable outlives
a run.  A coroutine function (a notebook, a test) runs with the globals it has; a channel that one
run left there is refused by the next.
"""

from __future__ import annotations

import dis
import io
import os
import sys
import tokenize
from collections.abc import Callable, Iterator, Mapping
from inspect import iscoroutinefunction
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

from gosim.runtime.errors import LoadError, UsageError

_MODULE: Final = "gosim_program"

# Names under which only gosim's operations are called, and names that others use as well.
_OPERATIONS: Final = frozenset(
    [
        "send",
        "recv",
        "recv_ok",
        "lock",
        "unlock",
        "rlock",
        "runlock",
        "try_lock",
        "try_rlock",
        "sleep",
        "gosched",
        "work",
        "select",
        "broadcast",
        "compare_and_swap",
        "acquire",
        "release_",
        "close",
        "add",
        "done",
        "wait",
        "do",
        "stop",
        "reset",
        "signal",
        "load",
        "store",
        "swap",
        "get",
        "put",
        "go",
        "cancel",
    ]
)


class Program:
    """Something with a ``main`` that can be started any number of times.

    Attributes
    ----------
    name : str
        For display.
    file : str
        Where it comes from.
    """

    name: str
    file: str

    def start(self) -> tuple[Callable[[], Any], dict[str, Any]]:
        """Return main and the namespace of its globals; called inside the new world."""
        raise NotImplementedError

    def codes(self) -> Iterator[CodeType]:
        """Yield the code objects of the program."""
        raise NotImplementedError

    def finish(self) -> None:
        """Undo what :meth:`start` did to the interpreter."""

    def discards_operations(self) -> bool:
        """Whether some line may create an operation and drop it (``ch.send(1)`` without await)."""
        return any(_discards(code) for code in self.codes())


class Function(Program):
    """A coroutine function of the running interpreter."""

    def __init__(self, main: Callable[..., Any], args: tuple[Any, ...] = ()) -> None:
        if not callable(main):
            if hasattr(main, "close"):
                main.close()
            raise UsageError(
                "run(main) takes the function, not the result of calling it: run(main), not "
                "run(main())"
            )
        if not iscoroutinefunction(main):
            raise UsageError(
                f"run(main) needs a coroutine function: write `async def "
                f"{getattr(main, '__name__', 'main')}()`"
            )
        self.main = main
        self.args = args
        self.name = getattr(main, "__qualname__", "main").replace("<locals>.", "")
        code = getattr(main, "__code__", None)
        self.file = code.co_filename if code is not None else "<python>"

    def start(self) -> tuple[Callable[[], Any], dict[str, Any]]:
        """Return main as it is."""
        main, args = self.main, self.args
        return (lambda: main(*args)), getattr(main, "__globals__", {})

    def codes(self) -> Iterator[CodeType]:
        """Yield main's code and that of its module's functions."""
        code = getattr(self.main, "__code__", None)
        if code is not None:
            yield from _nested(code)
        for value in list(getattr(self.main, "__globals__", {}).values()):
            if isinstance(value, FunctionType) and value.__code__.co_filename == self.file:
                yield from _nested(value.__code__)


class File(Program):
    """A Python file with ``async def main()``.

    Parameters
    ----------
    path : str
    params : mapping
        Module variables to set before main runs (``-p n=500``).
    function : str
        The coroutine function to start.

    Raises
    ------
    LoadError
        When the file is missing, is not Python, or has no such function.
    """

    def __init__(
        self, path: str, params: Mapping[str, Any] | None = None, function: str = "main"
    ) -> None:
        self.file = os.path.abspath(path)
        self.name = os.path.splitext(os.path.basename(path))[0]
        self.params = dict(params or {})
        self.function = function
        self._before: set[str] = set()
        try:
            with tokenize.open(self.file) as f:
                source = f.read()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise LoadError(f"cannot read the program: {reason}", path) from None
        except (UnicodeDecodeError, SyntaxError):
            raise LoadError("this is not a Python file: it is not text in UTF-8", path) from None
        if "\0" in source:
            raise LoadError("this is not a Python file: it contains a zero byte", path)
        try:
            self.code = compile(source, self.file, "exec", dont_inherit=True)
        except SyntaxError as error:
            raise LoadError(f"this is not valid Python: {error.msg}", path, error.lineno) from None
        except (RecursionError, MemoryError, ValueError) as error:
            raise LoadError(f"Python cannot compile this file: {error}", path) from None

    def start(self) -> tuple[Callable[[], Any], dict[str, Any]]:
        """Execute the module body and return its main."""
        module = ModuleType(_MODULE)
        namespace = module.__dict__
        namespace["__file__"] = self.file
        self._before = set(sys.modules)
        sys.modules[_MODULE] = module
        sys.path.insert(0, os.path.dirname(self.file))
        try:
            exec(self.code, namespace)
        except ImportError as error:
            line = _line_in(error, self.file)
            raise LoadError(f"an import failed: {error}", self.file, line) from None
        main = namespace.get(self.function)
        if main is None:
            raise LoadError(
                f"there is no `async def {self.function}()` in this file; it is where the program "
                "starts",
                self.file,
            )
        if not iscoroutinefunction(main):
            raise LoadError(
                f"write `async def {self.function}()`: it must be a coroutine function", self.file
            )
        for name, value in self.params.items():
            if name not in namespace:
                known = ", ".join(
                    n
                    for n, v in namespace.items()
                    if isinstance(v, int | float | str) and n[0] != "_"
                )
                raise UsageError(
                    f"-p {name}={value}: the program has no variable {name}"
                    + (f"; it has {known}" if known else "")
                )
            old = namespace[name]
            namespace[name] = type(old)(value) if isinstance(old, int | float | str) else value
        return main, namespace

    def finish(self) -> None:
        """Forget the module and the helper modules it imported from its own folder."""
        folder = os.path.dirname(self.file)
        if folder in sys.path:
            sys.path.remove(folder)
        for name in set(sys.modules) - self._before:
            path = getattr(sys.modules[name], "__file__", None) or ""
            if name == _MODULE or os.path.dirname(path) == folder:
                del sys.modules[name]

    def codes(self) -> Iterator[CodeType]:
        """Yield the module's code and everything inside it."""
        yield from _nested(self.code)


def _line_in(error: BaseException, file: str) -> int | None:
    line, tb = None, error.__traceback__
    while tb is not None:
        if tb.tb_frame.f_code.co_filename == file:
            line = tb.tb_lineno
        tb = tb.tb_next
    return line


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _discards(code: CodeType) -> bool:
    """Whether `code` calls something named like an operation and pops the result."""
    if not _OPERATIONS.intersection(code.co_names):
        return False
    name = owner = ""
    called = False
    for instruction in dis.get_instructions(code):
        op = instruction.opname
        if op in ("LOAD_GLOBAL", "LOAD_NAME"):
            name = owner = str(instruction.argval)
        elif op in ("LOAD_METHOD", "LOAD_ATTR"):
            name, owner = str(instruction.argval), name
        if name == "go" and owner in ("go", "gs", "gosim"):
            name = ""  # the go statement; `group.go(f)` is an operation
        if op == "POP_TOP" and called and name in _OPERATIONS:
            return True
        called = op in ("CALL", "CALL_FUNCTION_EX", "CALL_KW")
    return False


class Stdout(io.TextIOBase):
    """What ``print`` writes to while a world runs."""

    encoding = "utf-8"

    def __init__(self, world: Any, sink: list[str], tee: Any = None) -> None:
        self.world = world
        self.sink = sink
        self.tee = tee

    def write(self, text: str) -> int:
        """Keep the text; nothing is printed by a world that is over."""
        world = self.world
        if not world.over and not world.mute:
            self.sink.append(text)
            if world.observers:
                world.emit("printed", text)
            if self.tee is not None:
                self.tee(text)
        return len(text)

    def writable(self) -> bool:
        """Return True."""
        return True
