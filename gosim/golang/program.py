"""Go programs as something that gosim runs.

What was compiled is kept on disk under what it was made of; a file that has not changed is running
again after some milliseconds, without parser and checker being loaded.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import CodeType
from typing import Any, Final

from gosim.runtime import current
from gosim.runtime.program import Program
from gosim.runtime.version import LATEST

__all__ = ["GoProgram"]

_FORMAT: Final = 2


class GoProgram(Program):
    """A Go file or folder.

    Parameters
    ----------
    path : str
        The file, or the folder of a package main.
    go : str
        The toolchain that is simulated.
    go_line : str, optional
        The language version; else that of ``go.mod``, or the toolchain's.
    stubs : mapping of str to str
        Models of packages: import path to file or folder.
    source : str, optional
        The text of the file where it is not on disk.
    tests : bool
        Run the tests of the folder, as ``go test`` does.
    cache : bool
        Keep what was compiled, and look there first.
    explored : bool
        Variables and structs say which goroutine has made them: so that they have the same name in
        every schedule.
    races : bool
        Accesses to variables that goroutines share are steps of their own.

    Raises
    ------
    GosimError
        When the program cannot be read, is no Go, or needs what gosim does not simulate.
    """

    written_in = "go"
    deep = True

    def __init__(
        self,
        path: str,
        *,
        go: str = LATEST,
        go_line: str | None = None,
        stubs: Mapping[str, str] | None = None,
        source: str | None = None,
        tests: bool = False,
        cache: bool = True,
        explored: bool = False,
        races: bool = False,
    ) -> None:
        self.file = path
        base = os.path.basename(os.path.abspath(path))
        self.name = os.path.splitext(base)[0]
        self.variant = None
        self.text = source  # None where it is the file's
        self._asked = path, go, go_line, stubs, source, tests
        self.explored = explored or races
        self.races = races
        self._cached = cache and not tests
        self._compile(False)

    def _compile(self, counts: bool) -> None:
        path, go, go_line, stubs, source, tests = self._asked
        form = counts, self.races
        key = _key(path, go, go_line, stubs or {}, source, form) if self._cached else None
        found = _load(key) if key is not None else None
        if found is None:
            from gosim.golang.build import build_and_compile

            found, files = build_and_compile(path, go, go_line, stubs, source, tests, *form)
            if key is not None:
                _store(key, found, files)
        self.codes_: list[CodeType] = found[0]
        self.natives: list[tuple[str, str, str]] = found[1]
        self.start_names: list[str] = found[2]
        self.go_line: str = found[3]
        self.classes: list[tuple[str, str]] = found[4]
        self.counts: bool = found[5]
        self.extra_goroutines: int = found[6]
        self.notices: Sequence[str] = found[7]
        self._namespace: dict[str, Any] = {}

    def count_memory(self) -> None:
        """Say what it allocates, although it does not ask for figures of the heap."""
        if not self.counts:
            self._compile(True)

    def start(self) -> tuple[Callable[[], Any], dict[str, Any]]:
        """Execute what defines the program in fresh globals; return what runs it."""
        from gosim.golang.library import bind, zero_class
        from gosim.golang.library.stacks import in_crash
        from gosim.golang.values.calls import enter
        from gosim.golang.values.link import globals_of

        world = current.world
        if world is not None:
            from gosim.golang.values.panics import known_panic
            from gosim.golang.values.strings import decode

            world.__dict__["known_panic"] = known_panic
            world.__dict__["whole_stack"] = in_crash
            world.__dict__["decode"] = decode
            self._begin_ids(world)
        namespace = globals_of(self.counts, self.explored)
        namespace["__name__"] = "gosim_program"
        namespace["__file__"] = self.file
        for name, path, native in self.natives:
            namespace[name] = bind(path, native).form(world is None or world.full)
            if native == "look" and world is not None:
                world.__dict__["looks"] = True  # at what goroutines do
        for path, name in self.classes:
            zero_class(path, name)
        for code in self.codes_:
            exec(code, namespace)
        functions = [namespace[name] for name in self.start_names]
        self._namespace = namespace
        return lambda: enter(functions), namespace

    def _begin_ids(self, world: Any) -> None:
        """Make room for the goroutines that the packages of a program start before main."""
        more = self.extra_goroutines
        world.next_goid += more
        if more < 0 and world.policy is None and world.runq:
            world.runq.pop()  # what package os needs is not there

    def finish(self) -> None:
        """Forget the globals of the run."""
        self._namespace = {}
        from gosim.golang.values.rtype import forget_declared

        forget_declared()

    def codes(self) -> Iterator[CodeType]:
        """Yield the program's code objects."""
        todo = list(self.codes_)
        while todo:
            code = todo.pop()
            yield code
            todo += [c for c in code.co_consts if isinstance(c, CodeType)]

    def discards_operations(self) -> bool:
        """Return False: the compiler awaits everything."""
        return False

    def counts_goroutines(self) -> bool:
        """Whether the program can ask for the number of goroutines, or for their stacks."""
        return any(path == "runtime" and name.startswith("look") for _, path, name in self.natives)

    def uses_memory(self) -> bool:
        """Whether the program asks for figures of the heap: then it says what it allocates."""
        return self.counts


Compiled = tuple[
    list[CodeType],
    list[tuple[str, str, str]],
    list[str],
    str,
    list[tuple[str, str]],
    bool,
    int,
    list[str],
]


# -- the cache -------------------------------------------------------------------------------------


def _folder() -> str:
    given = os.environ.get("GOSIM_CACHE")
    if given:
        return given
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(home, "gosim")


_stamp = ""


def _compiler_stamp() -> str:
    """What changes whenever the compiler or a model changes."""
    global _stamp
    if not _stamp:
        here = os.path.dirname(os.path.abspath(__file__))
        parts = [str(sys.hexversion), str(_FORMAT)]
        for folder, folders, names in os.walk(here):
            folders[:] = sorted(f for f in folders if f != "__pycache__")
            for name in sorted(names):
                if name.endswith((".py", ".go")):
                    stat = os.stat(os.path.join(folder, name))
                    parts.append(f"{name} {stat.st_mtime_ns} {stat.st_size}")
        _stamp = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return _stamp


def _key(
    path: str,
    go: str,
    go_line: str | None,
    stubs: Mapping[str, str],
    source: str | None,
    form: tuple[bool, ...],
) -> str:
    asked = (os.path.abspath(path), path, go, go_line, sorted(stubs.items()), source, form)
    return hashlib.sha256(repr(asked).encode("utf-8", "surrogatepass")).hexdigest()


def _digest(file: str) -> str:
    """Stand for the contents of a file, or for the names in a folder."""
    try:
        if os.path.isdir(file):
            data = "\n".join(sorted(os.listdir(file))).encode("utf-8", "surrogateescape")
        else:
            with open(file, "rb") as f:
                data = f.read()
    except OSError:
        return ""
    return hashlib.sha256(data).hexdigest()


def _load(key: str) -> Compiled | None:
    try:
        with open(os.path.join(_folder(), key[:32]), "rb") as f:
            stamp, files, found = marshal.loads(f.read())
    except (OSError, EOFError, ValueError, TypeError):
        return None
    if stamp != _compiler_stamp() or any(_digest(name) != was for name, was in files):
        return None
    return found  # type: ignore[no-any-return]


def _store(key: str, found: Compiled, files: Sequence[str]) -> None:
    folder = _folder()
    try:
        os.makedirs(folder, exist_ok=True)
        data = marshal.dumps((_compiler_stamp(), [(f, _digest(f)) for f in files], found))
        partial = os.path.join(folder, f"{key[:32]}.{os.getpid()}")
        with open(partial, "wb") as f:
            f.write(data)
        os.replace(partial, os.path.join(folder, key[:32]))
    except (OSError, ValueError):
        pass  # not ours to write: it is compiled again next time
