"""Programs: what a run executes, again from nothing each time.

A file is compiled once and executed in a fresh module for every run, so that no variable outlives
a run.  A coroutine function (a notebook, a test) runs with the globals it has; a channel that one
run left there is refused by the next.
"""

from __future__ import annotations

import dis
import gc
import io
import os
import sys
import tokenize
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import cleandoc, iscoroutinefunction
from types import CellType, CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, Final, Literal
from weakref import WeakKeyDictionary

from gosim.runtime.errors import GosimError, LoadError, UsageError, WallClock
from gosim.runtime.traceback import is_runtime_file

if TYPE_CHECKING:
    from gosim.runtime.chan import Chan

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


# Names without which no program has anything on the simulated heap.  One that has them for another
# reason runs slower; one that hides them has its memory simulated from the first use on.
_MEMORY: Final = frozenset(
    [
        "array",
        "bytes",
        "debug",
        "frame",
        "gc",
        "literal",
        "make_map",
        "make_slice",
        "nil_slice",
        "new",
        "read_mem_stats",
        "set_finalizer",
        "slice_of",
        "string",
        "strings",
        "struct",
        "tricolor",
        "weak",
    ]
)


_COUNTS: Final = frozenset(["num_goroutine", "stack", "pprof", "dump"])
"""Names that a program needs to look at goroutines."""


def is_go(path: str) -> bool:
    """Whether a path names Go source: a ``.go`` file, or a folder that has one."""
    if not os.path.isdir(path):
        return path.endswith(".go")
    return any(name.endswith(".go") for name in os.listdir(path))


class Program:
    """Something with a ``main`` that can be started any number of times.

    Attributes
    ----------
    name : str
        For display.
    file : str
        Where it comes from.
    variant : str or None
        Which of several mains was started, once it was.
    go_line : str or None
        The language version that the program itself asks for.
    story : str
        What the program says of itself at its beginning.
    written_in : str
        ``python`` or ``go``.
    deep : bool
        It may recurse as deep as a stack of Go's goes, as far as Python can.
    notices : sequence of str
        What people should hear before it runs, a line for each thing.
    """

    name: str
    file: str
    variant: str | None = None
    go_line: str | None = None
    story: str = ""
    written_in: Literal["python", "go"] = "python"
    deep = False
    notices: Sequence[str] = ()
    _discards: bool | None = None
    _memory: bool | None = None
    _counts: bool | None = None

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
        known = self._discards
        if known is None:  # an exploration starts one program thousands of times
            known = self._discards = any(_discards(code) for code in self.codes())
        return known

    def count_memory(self) -> None:
        """Hear that memory is simulated from the start."""

    def uses_memory(self) -> bool:
        """Whether it may use values of gosim.memory, or ask for figures of the heap."""
        known = self._memory
        if known is None:
            namespace = self.namespace()
            known = self._memory = any(_names_memory(code, namespace) for code in self.codes())
        return known

    def counts_goroutines(self) -> bool:
        """Whether it may look at how many goroutines there are, or at their stacks."""
        known = self._counts
        if known is None:
            known = any(not _COUNTS.isdisjoint(code.co_names) for code in self.codes())
            self._counts = known
        return known

    def namespace(self) -> Mapping[str, Any]:
        """Return the globals of the program as far as they exist before it starts."""
        return {}


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
            raise UsageError(
                f"run(main) takes a coroutine function or the path of a file, not {main!r}"
            )
        if not iscoroutinefunction(main):
            name = getattr(main, "__name__", "main")
            raise UsageError(
                "run(main) needs a coroutine function: write `async def "
                f"{name if name.isidentifier() else 'main'}()`"
            )
        self.main = main
        self.args = args
        self.name = getattr(main, "__qualname__", "main").replace("<locals>.", "")
        code = getattr(main, "__code__", None)
        self.file = code.co_filename if code is not None else "<python>"

    def start(self) -> tuple[Callable[[], Any], dict[str, Any]]:
        """Return main as it is."""
        main, args = self.main, self.args

        def begin() -> Any:
            try:
                return main(*args)
            except TypeError as error:
                raise UsageError(f"run(main, *args): {error}") from None

        return begin, getattr(main, "__globals__", {})

    def finish(self) -> None:
        """Empty the channels that stay behind in variables of the module.

        Whatever is done to them in a later run then finds that they are not of that run: on a
        channel with a buffer, or with a goroutine of the dead world in its queue, an operation
        would complete without ever looking.
        """
        for thing in _kept(getattr(self.main, "__globals__", {})):
            thing.cap_, thing.closed = 0, False
            thing.buf = thing.recvq = thing.sendq = None

    def namespace(self) -> Mapping[str, Any]:
        """Return the globals of main."""
        return getattr(self.main, "__globals__", {})

    def codes(self) -> Iterator[CodeType]:
        """Yield main's code and that of its module's functions."""
        code = getattr(self.main, "__code__", None)
        if code is not None:
            yield from _nested(code)
        for value in list(getattr(self.main, "__globals__", {}).values()):
            if isinstance(value, FunctionType) and value.__code__.co_filename == self.file:
                yield from _nested(value.__code__)


class File(Program):
    """A Python file with ``async def main()``, or with several mains to choose from.

    A file of a course may hold a whole lesson: its docstring is the story, and a module variable
    ``variants = {"leak": leak, "fixed": fixed}`` names its coroutine functions, the leaking one
    first.

    Parameters
    ----------
    path : str
    params : mapping
        Module variables to set before main runs (``-p n=500``).
    variant : str, optional
        The key in ``variants`` of the function to start; ``fixed`` also finds the second one.

    Attributes
    ----------
    story : str
        The module's docstring.
    variant : str or None
        After a start: the variant that was started; None in a file without variants.

    Raises
    ------
    LoadError
        When the file is missing, is not Python, or has no such function.
    """

    def __init__(
        self, path: str, params: Mapping[str, Any] | None = None, variant: str | None = None
    ) -> None:
        self.file = os.path.abspath(path)
        self.name = os.path.splitext(os.path.basename(path))[0]
        self.params = dict(params or {})
        self.wanted = self.variant = variant
        self._before: set[str] = set()
        source, self.code = read_source(path)
        first = self.code.co_consts[0] if source.strip() and self.code.co_consts else None
        # The docstring of a module is its first constant and is stored first of all names.
        self.story = cleandoc(first) if isinstance(first, str) and _has_docstring(self.code) else ""

    def start(self) -> tuple[Callable[[], Any], dict[str, Any]]:
        """Execute the module body and return its main."""
        module = ModuleType(_MODULE)
        namespace = module.__dict__
        namespace["__file__"] = self.file
        self._before = set(sys.modules)
        sys.modules[_MODULE] = module
        sys.path.insert(0, os.path.dirname(self.file))
        self.prepare(namespace)
        try:
            exec(self.code, namespace)
        except GosimError as error:
            if error.file is None:
                error.file, error.line = self.file, _line_in(error, self.file)
            raise
        except ImportError as error:
            hint = _near_name(error)
            raise self._failed(f"an import failed: {error}{hint}", error) from None
        except (WallClock, RecursionError, MemoryError):
            problem = "the body of the file does not end; put what runs into `async def main()`"
            raise LoadError(problem, self.file) from None
        except (Exception, SystemExit) as error:
            what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            raise self._failed(f"the file failed before main could start: {what}", error) from None
        name, main = self._main(namespace)
        code = getattr(main, "__code__", None)
        if not iscoroutinefunction(main):
            line = code.co_firstlineno if code is not None else None
            problem = f"{name} must be a coroutine function: write `async def {name}()`"
            raise LoadError(problem, self.file, line)
        if code is not None and code.co_argcount > len(main.__defaults__ or ()):
            problem = f"{name} is started without arguments: write `async def {name}()`"
            raise LoadError(problem, self.file, code.co_firstlineno)
        for parameter, value in self.params.items():
            namespace[parameter] = self._parameter(namespace, parameter, value)
        return main, namespace

    def prepare(self, namespace: dict[str, Any]) -> None:
        """Put into the fresh globals what the program shall find there."""

    def _failed(self, problem: str, error: BaseException) -> LoadError:
        return LoadError(problem, self.file, _line_in(error, self.file))

    @staticmethod
    def _parameter(namespace: dict[str, Any], name: str, value: Any) -> Any:
        """Return a value from the command line in the type that the variable has."""
        plain = (bool, int, float, str)
        old = namespace.get(name)
        if name.startswith("_") or not isinstance(old, plain):
            names = [n for n, v in namespace.items() if isinstance(v, plain) and n[0] != "_"]
            has = f"it has {', '.join(names)}" if names else "it has none that can be set"
            raise UsageError(f"-p {name}={value}: the program has no variable {name}; {has}")
        if isinstance(old, bool):
            value = {"true": True, "false": False}.get(str(value).lower(), value)
            fits = value in (0, 1)
        elif isinstance(old, int):
            fits = isinstance(value, int)
        else:
            fits = isinstance(old, str) or not isinstance(value, str)
        if not fits:
            kind = {bool: "true or false", int: "a whole number", float: "a number"}[type(old)]
            raise UsageError(f"-p {name}={value}: {name} is {kind} in this program")
        return type(old)(value)

    def _main(self, namespace: dict[str, Any]) -> tuple[str, Any]:
        """Return name and function of what is to be started."""
        variants = namespace.get("variants")
        main = namespace.get("main")
        if not (
            isinstance(variants, Mapping) and variants and all(map(callable, variants.values()))
        ):
            if self.wanted is not None:
                raise UsageError(
                    f"this file has no variants, so there is no {self.wanted!r}; "
                    'name them in a variable: variants = {"leak": leak, "fixed": fixed}',
                    self.file,
                )
            if main is None:
                raise LoadError(
                    "there is no `async def main()` in this file; it is where the program starts",
                    self.file,
                )
            return "main", main
        names = [str(name) for name in variants]
        wanted = self.wanted
        if wanted is None:
            if main is not None:
                return "main", main
            wanted = names[0]
        elif wanted == "fixed" and wanted not in names and len(names) > 1:
            wanted = names[1]
        if wanted not in names:
            from difflib import get_close_matches

            close = get_close_matches(wanted, names, n=1, cutoff=0.5)
            meant = f" (did you mean {close[0]}?)" if close else ""
            has = f"it has {', '.join(names)}"
            raise UsageError(f"this file has no variant {wanted!r}{meant}; {has}", self.file)
        self.variant = wanted
        main = list(variants.values())[names.index(wanted)]
        return getattr(main, "__name__", wanted), main

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


_CONTAINERS: Final = (dict, list, tuple, set, frozenset, deque, CellType)
_KEPT_AT_MOST: Final = 100_000


def _kept(namespace: dict[str, Any]) -> Iterator[Chan[Any]]:
    """Yield the channels that a module's variables reach through containers and own objects."""
    from gosim.runtime.chan import Chan

    own = namespace.get("__name__")
    seen: set[int] = set()
    todo = [value for name, value in namespace.items() if name[:2] != "__"]
    while todo and len(seen) < _KEPT_AT_MOST:
        thing = todo.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, Chan):
            yield thing
        elif isinstance(thing, FunctionType):
            todo += [*(thing.__closure__ or ()), *(thing.__defaults__ or ())]
        elif isinstance(thing, _CONTAINERS) or getattr(type(thing), "__module__", None) == own:
            todo += gc.get_referents(thing)


def program_namespaces(given: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the globals of a program's modules: those given, and helper modules beside them.

    A module belongs to the program if its file is in the folder of one that does, or below it.
    """
    found: list[dict[str, Any]] = list(given)
    seen = {id(namespace) for namespace in found}
    for namespace in found:  # grows while it is walked
        folder = os.path.dirname(str(namespace.get("__file__") or ""))
        if not folder:
            continue
        for value in list(namespace.values()):
            if isinstance(value, ModuleType):
                inner = value.__dict__
            elif isinstance(value, FunctionType):
                inner = value.__globals__
            else:
                continue
            file = str(inner.get("__file__") or "")
            if (
                id(inner) not in seen
                and file.startswith(folder + os.sep)
                and "site-packages" not in file[len(folder) :]
                and not is_runtime_file(file)
            ):
                seen.add(id(inner))
                found.append(inner)
    return found


def read_source(path: str) -> tuple[str, CodeType]:
    """Return text and code of a Python file.

    Raises
    ------
    LoadError
        When it cannot be read or is not Python; with the line, if there is one.
    """
    try:
        with tokenize.open(path) as f:
            source = f.read()
    except OSError as error:
        if os.path.isdir(path):
            raise LoadError("this is a folder; gosim runs one Python file", path) from None
        reason = (error.strerror or str(error)).lower()
        raise LoadError(f"cannot read the program: {reason}", path) from None
    except (UnicodeDecodeError, SyntaxError):
        raise LoadError("this is not a Python file: it is not text in UTF-8", path) from None
    if "\0" in source:
        raise LoadError("this is not a Python file: it contains a zero byte", path)
    try:
        # Warnings (`"\d"`) are about style; the run has nothing to say on that.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return source, compile(source, os.path.abspath(path), "exec", dont_inherit=True)
    except SyntaxError as error:
        raise LoadError(f"this is not valid Python: {error.msg}", path, error.lineno) from None
    except (RecursionError, MemoryError, ValueError) as error:
        raise LoadError(f"Python cannot compile this file: {error}", path) from None


def _has_docstring(code: CodeType) -> bool:
    """Whether the code of a module begins by storing its docstring."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("RESUME", "NOP", "LOAD_CONST"):
            continue
        return instruction.opname == "STORE_NAME" and instruction.argval == "__doc__"
    return False


def _near_name(error: ImportError) -> str:
    """Return a suggestion where a module has no such name; Python itself has one from 3.12 on."""
    wanted = str(error).removeprefix("cannot import name '").partition("'")[0]
    module = sys.modules.get(error.name or "")
    if module is None or wanted == str(error):
        return ""
    from difflib import get_close_matches

    near = get_close_matches(wanted, dir(module), n=1)
    return f"; did you mean {near[0]}?" if near else ""


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


_discarding: Final[WeakKeyDictionary[CodeType, bool]] = WeakKeyDictionary()
"""What was found by reading instructions, which takes longer than a short run."""


def _discards(code: CodeType) -> bool:
    """Whether `code` calls something named like an operation and pops the result."""
    if not _OPERATIONS.intersection(code.co_names):
        return False
    known = _discarding.get(code)
    if known is None:
        known = _discarding[code] = _reads_discarded(code)
    return known


def _reads_discarded(code: CodeType) -> bool:
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


def _names_memory(code: CodeType, namespace: Mapping[str, Any]) -> bool:
    """Whether `code` uses a name of `_MEMORY` that may be gosim's.

    A global is looked up: Python's own ``gc``, ``bytes`` or ``struct`` costs a program nothing.
    """
    if _MEMORY.isdisjoint(code.co_names):
        return False
    for instruction in dis.get_instructions(code):
        if instruction.argval in _MEMORY:
            if instruction.opname in ("LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM"):
                return True
            thing = namespace.get(instruction.argval)
            home = getattr(thing, "__module__", None) or getattr(thing, "__name__", "")
            if str(home).startswith("gosim."):
                return True
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
        if world.policy is not None and not world.over and world.policy.prints(self, text):
            return len(text)
        return self.put(text)

    def put(self, text: str) -> int:
        """Print, whatever a policy would have said."""
        world = self.world
        if not world.over and not world.mute:
            self.sink.append(text)
            if world.observers:
                world.emit("printed", text)
            if self.tee is not None:
                self.tee(text)
        elif world.mute and world.policy is not None:
            world.policy.touched("stdout")
        return len(text)

    def writable(self) -> bool:
        """Return True."""
        return True
