"""Panics, fatal errors, exits and ``defer`` (Go: ``panic.go``, ``error.go``, ``printpanics``).

A panic is a Python exception that ``except Exception`` does not catch: Go has no ``try``, only
``recover`` in a deferred function.  A fatal error is no exception at all: the operation yields
``HALT`` and no code of the program runs any more, as in Go.
"""

from __future__ import annotations

import struct
import sys
import traceback
from collections.abc import Callable, Generator
from types import TracebackType
from typing import Any, NoReturn

from gosim.memory.errors import GoPanic, GoRuntimeError, Misuse, Throw
from gosim.runtime import current
from gosim.runtime.current import current_world
from gosim.runtime.errors import GosimError, Limit, UsageError, WallClock
from gosim.runtime.forms import invoke, operation
from gosim.runtime.g import HALT, G
from gosim.runtime.version import Version


class Panic(BaseException):
    """A Go panic on its way up the stack of a goroutine.

    Attributes
    ----------
    value
        What was given to ``panic``.
    earlier : Panic or None
        The panic that was running when this one began (in a deferred function).
    recovered : bool
        ``recover`` has taken it.
    """

    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.value = value
        self.earlier: Panic | None = None
        self.recovered = False


class GoExit(BaseException):
    """``runtime.Goexit``: ends one goroutine, running its deferred calls."""


class ProcessExit(BaseException):
    """``os.Exit``: ends the process at once; no deferred call runs."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


_NO_PANIC = (
    ProcessExit,
    GeneratorExit,
    KeyboardInterrupt,
    GosimError,
    Misuse,
    Limit,
    WallClock,
    Throw,
)
"""Exceptions that end the run or the world: no deferred call runs and nothing can recover them."""


class RuntimeError_(Exception):
    """Go's ``runtime.Error``: a panic value made by the runtime itself.

    ``str()`` and ``error()`` give Go's text.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def error(self) -> str:
        """Return the text, as the Go method ``Error`` does."""
        return self.text


class NilDereference(RuntimeError_):
    """The panic value of a signal: the runtime prints a line about that, too."""

    SIGNAL = "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4ade02]\n"

    def __init__(self) -> None:
        super().__init__("runtime error: invalid memory address or nil pointer dereference")


def plain_error(text: str) -> Panic:
    """Make the panic of a runtime error that prints as it stands ("send on closed channel")."""
    return Panic(RuntimeError_(text))


def runtime_error(text: str) -> Panic:
    """Make the panic of a runtime error ("index out of range ..."), with Go's prefix."""
    return Panic(RuntimeError_("runtime error: " + text))


def gopanic(value: Any = None) -> NoReturn:
    """Panic, as Go's built-in ``panic`` does.

    Parameters
    ----------
    value
        Anything; an object with a method ``error()`` or ``string()`` is printed by it.
        ``None`` becomes Go's "panic called with nil argument".
    """
    if value is None:
        raise Panic(PanicNilError())
    raise Panic(value)


class PanicNilError(RuntimeError_):
    """``panic(nil)`` since Go 1.21."""

    def __init__(self) -> None:
        prefix = current_world("panic()").version.panic_nil_prefix
        super().__init__(prefix + "panic called with nil argument")


def fatal(text: str) -> Generator[object, None, NoReturn]:
    """Stop the process with ``fatal error: text``; use with ``yield from`` in an operation."""
    current_world().fatal_text = text
    yield HALT
    raise AssertionError("a halted goroutine was resumed")


class _Defers(type):
    """`defers` itself: says what is wrong where its parentheses are forgotten."""

    def __enter__(cls) -> NoReturn:
        _not_with("with defers")

    def __exit__(cls, *_: object) -> None:
        """Be a context manager, for the error of ``__enter__``."""

    def __aenter__(cls) -> NoReturn:
        _not_with("async with defers")

    async def __aexit__(cls, *_: object) -> None:
        """Be a context manager, for the error of ``__aenter__``."""


def _not_with(written: str) -> NoReturn:
    raise UsageError(f"write `async with defers() as defer`, not `{written}`", *caller_line())


class defers(metaclass=_Defers):
    """The deferred calls of one function: ``async with defers() as defer: ...``.

    ``defer(f, *args)`` evaluates its arguments at once and calls ``f`` when the block ends, last in
    first out, also on panic and Goexit.  ``defer.recover()`` inside a deferred function takes the
    panic.  After a recovered panic the function goes on behind the ``async with`` block.
    """

    __slots__ = ("calls", "last", "panic", "records")

    def __init__(self) -> None:
        self.calls: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = []
        # Where memory is simulated: the heap's records of calls deferred in a loop.  A statement
        # that runs a second time is in one; all others Go keeps on the stack.
        self.records: list[Any] = []
        self.last: tuple[Any, int] | None = None
        self.panic: Panic | None = None

    def __call__(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Push a call onto the defer stack."""
        if not callable(function) or hasattr(function, "complain"):
            if hasattr(function, "close"):
                function.close()
            raise UsageError(
                "defer(f, x) takes the function and its arguments, not the result of calling it: "
                "write defer(mu.unlock), not defer(mu.unlock())"
            )
        self.calls.append((function, args, kwargs))
        world = current.world
        if world is not None and world.memory is not None:
            frame = sys._getframe(1)
            here = frame.f_code, frame.f_lasti
            if here == self.last:
                closure = getattr(function, "__closure__", None) or ()
                self.records.append(world.memory.deferred(len(args) + len(closure)))
            self.last = here

    def recover(self) -> Any:
        """Return the value of the panic that is running here and stop it; None if there is none."""
        panic = self.panic
        if panic is None or panic.recovered:
            return None
        panic.recovered = True
        return panic.value

    def __enter__(self) -> NoReturn:
        _not_with("with defers()")

    def __exit__(self, *_: object) -> None:
        """Be a context manager, for the error of ``__enter__``."""

    async def __aenter__(self) -> defers:
        return self

    @operation
    def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> Generator[object, None, bool]:
        if isinstance(error, _NO_PANIC):
            self.calls.clear()
            return False
        exiting = isinstance(error, GoExit)
        if error is not None and not exiting:
            self.panic = as_panic(error)
        original = self.panic
        while self.calls:
            function, args, kwargs = self.calls.pop()
            if len(self.records) > len(self.calls):
                self.records.pop()
            try:
                yield from invoke(function, *args, **kwargs)
            except GoExit:
                exiting, self.panic = True, None
            except _NO_PANIC:
                self.calls.clear()
                raise
            except BaseException as later:
                panic = as_panic(later)
                if panic is not self.panic:
                    panic.earlier = self.panic or panic.earlier
                self.panic = panic
                continue
            if self.panic is not None and self.panic.recovered:
                self.panic = None
        if self.panic is not None:
            if self.panic is original and original is error:
                return False
            raise self.panic
        if exiting:
            if isinstance(error, GoExit):
                return False
            raise GoExit
        return True


def as_panic(error: BaseException) -> Panic:
    """Return `error` as a panic: a Python exception of user code surfaces as a Go panic."""
    if isinstance(error, Panic):
        return error
    if isinstance(error, GoRuntimeError):  # from the memory room, which does not know this one
        panic = Panic(RuntimeError_(str(error)))
    elif isinstance(error, GoPanic):
        panic = Panic(error.text)
    elif _is_nil_dereference(error):
        panic = Panic(NilDereference())
    else:
        panic = Panic(PythonError(error))
    panic.__cause__ = error
    panic.__traceback__ = error.__traceback__
    return panic


def _is_nil_dereference(error: BaseException) -> bool:
    """Whether a program has asked None, its nil pointer, for a field or a method."""
    if not isinstance(error, AttributeError):
        return False
    # Python names the object where a field is read, but not where one is written.
    return (error.name is not None and error.obj is None) or str(error).startswith(
        "'NoneType' object has no attribute"
    )


class PythonError:
    """The panic value that stands for a Python exception of user code."""

    def __init__(self, exception: BaseException) -> None:
        self.exception = exception

    def error(self) -> str:
        """Return type and text of the exception."""
        return "".join(traceback.format_exception_only(self.exception)).strip()

    __str__ = error


def print_value(value: Any, version: Version, call: bool = True) -> str:
    """Return a panic value as Go's ``printpanicval`` prints it.

    `call`: the methods ``error`` and ``string`` may be called, which a dying runtime does not do.
    """
    if not call and callable(getattr(value, "error", None)):
        if isinstance(value, RuntimeError_) and not isinstance(value, PanicNilError):
            kind = "errorString" if value.text.startswith("runtime error: ") else "plainError"
            return f'runtime.{kind}("{value.text.removeprefix("runtime error: ")}")'
        kind = getattr(value, "__go_type__", f"main.{type(value).__name__}")
        if isinstance(value, PanicNilError):
            kind = "*runtime.PanicNilError"
        return f"({kind}) 0xc000012120"
    for method in ("error", "string"):
        function = getattr(value, method, None)
        if callable(function) and not isinstance(value, type):
            return _indent(str(function()), version)
    described: Any = getattr(type(value), "__rtype__", None)
    if described is not None:
        return _print_typed(described, value, version)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _indent(_text(value), version)
    if type(value) is int:
        return str(value)
    if isinstance(value, float):
        return repr_float(value, version)
    if isinstance(value, complex):
        real, imag = repr_float(value.real, version), repr_float(value.imag, version)
        return f"({real}{'' if imag[0] in '+-' else '+'}{imag}i)"
    if isinstance(value, BaseException):
        return PythonError(value).error()
    # Go prints the address of the boxed value, which no two runs share; ours is fixed.
    return f"(main.{type(value).__name__}) 0xc000012120"


def _print_typed(kind: Any, value: Any, version: Version) -> str:
    """Print a value that knows its Go type, as those of compiled programs do."""
    inner = getattr(value, "v", None)
    if not kind.pkg and isinstance(inner, (bool, int, float, complex)):
        if kind.text == "float32":
            return repr_float(float(inner.real), version, single=True)
        return print_value(inner, version)  # of a predeclared type
    if isinstance(inner, str):
        return f'{kind.text}("{_indent(_text(inner), version)}")'
    if isinstance(inner, (bool, int, float, complex)) and kind.kind <= 16:
        return f"{kind.text}({print_value(inner, version).strip('()')})"
    return f"({kind.text}) 0xc000012120"


def _text(value: str) -> str:
    """Return a string of a program as text: those of compiled programs are bytes."""
    decode = getattr(current.world, "__dict__", {}).get("decode")
    return str(value) if decode is None else str(decode(value))


def repr_float(value: float, version: Version, single: bool = False) -> str:
    """Return a float as the runtime's print does (up to 1.25 always with an exponent).

    `single`: it is a float32, which fewer digits tell.
    """
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    if version.panic_plain_floats:
        # As few digits as tell the number, with an exponent as C's %g has it.
        mantissa, exponent = min(
            (
                text
                for n in range(17)
                if (again := float(text := f"{value:.{n}e}")) == value
                or (single and struct.unpack("f", struct.pack("f", again))[0] == value)
            ),
            key=len,
        ).split("e")
        digits = len(mantissa.lstrip("-").replace(".", ""))
        if -4 <= int(exponent) < 6:
            return f"{value:.{max(digits - 1 - int(exponent), 0)}f}"
        return f"{mantissa}e{exponent}"
    mantissa, exponent = f"{value:+.6e}".split("e")
    return f"{mantissa}e{exponent[0]}{int(exponent[1:]):03d}"


def _indent(text: str, version: Version) -> str:
    return text.replace("\n", "\n\t") if version.panic_indents_lines else text


def print_running_panics(g: G, version: Version) -> str:
    """Return what stands before "fatal error: " on the screen (``printPreFatalDeferPanic``).

    That is the panics, or the tab of a Goexit, whose deferred calls `g` is running: the suspended
    exits of its ``defers`` blocks, the outermost first.
    """
    last: Panic | None = None
    found = False
    awaitable: Any = g.coro
    while awaitable is not None:
        inner = getattr(awaitable, "cr_await", None) or getattr(awaitable, "gi_yieldfrom", None)
        frame = getattr(awaitable, "gi_frame", None)
        if frame is not None and frame.f_code is defers.__aexit__.__code__:
            panic = frame.f_locals["self"].panic
            found = found or panic is not None or frame.f_locals["exiting"]
            if panic is not None:
                first = panic
                while first.earlier is not None:
                    first = first.earlier
                if first is not last:
                    first.earlier = last
                last = panic
        awaitable = inner
    text = "" if last is None else print_panics(last, version, call=False)
    return text + "\t" if found else ""


def print_panics(panic: Panic, version: Version, call: bool = True) -> str:
    """Return the ``panic: ...`` lines, earlier panics first, as Go prints them before the stack."""
    chain: list[Panic] = []
    p: Panic | None = panic
    while p is not None:
        chain.append(p)
        p = p.earlier
    chain.reverse()
    lines: list[str] = []
    for i, p in enumerate(chain):
        following = chain[i + 1] if i + 1 < len(chain) else None
        text = ("\t" if i else "") + "panic: " + print_value(p.value, version, call)
        if (
            i
            and chain[i - 1].recovered
            and chain[i - 1].value is p.value
            and version.repanicked_text
        ):
            continue
        if p.recovered:
            again = following is not None and following.value is p.value
            text += (
                " [recovered, repanicked]" if again and version.repanicked_text else " [recovered]"
            )
        lines.append(text)
    if any(isinstance(p.value, NilDereference) for p in chain):
        return "\n".join(lines) + "\n" + NilDereference.SIGNAL
    return "\n".join(lines) + "\n"


def caller_line(depth: int = 2) -> tuple[str, int]:
    """Return file and line of the user's frame that called into gosim."""
    from gosim.runtime.traceback import is_runtime_file

    frame = sys._getframe(depth)
    while frame.f_back is not None and is_runtime_file(frame.f_code.co_filename):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


panic = gopanic
"""Go's built-in ``panic``, under its own name for programs."""
