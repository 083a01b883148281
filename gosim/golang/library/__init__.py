"""The standard packages of Go that gosim has, each a folder named as its import path.

A package is Go source of gosim's own, compiled with the program.  A declaration with a body is what
it is in Go.  A function without one is Python: that of the same name in ``native.py`` beside the
source (a method ``M`` of ``T``: ``T_M``), which takes and returns values as compiled code has them
and blocks when it is a coroutine function or an operation of the runtime.  One that is given
functions of the program may have a second form, ``NAME_blocking``, a coroutine function: it is
called instead when functions of such a type block in this program (fmt: ``Println`` gives
``sprintln`` a function that calls ``String()``).

Directives in the comment above a declaration (`gosim.golang.directives`) say the rest:

- ``//gosim:is gosim.std.sync.Mutex`` above a struct type: its values are instances of that class
  (``native.X`` is the class ``X`` of ``native.py``), which `attach` has given Go's names: the
  zero value is ``cls()``, a method is called by its Go name, ``copy()`` and ``assign(other)`` are
  what they are for every struct, and a field is an attribute of Go's name that can be set.
- ``//gosim:is gosim.std.NAME`` above a function or method: it is that Python function; strings
  among the arguments and results are decoded and encoded on the way.
- ``//gosim:calls name`` above a method of a type that ``is`` a Python class: the method of that
  name, where it is not the same in snake case.
- ``//gosim:blocks``: the function may block although it is a plain Python function (what it
  returns is awaited).
- ``//gosim:later``: the function does not call the functions that it is given, somebody else
  does that later; so it does not block when they do.
- ``//gosim:since 1.23``: older toolchains do not have it; ``//gosim:until 1.26``: newer ones.
"""

from __future__ import annotations

from functools import cache

# Not `import os`: the package's model os/native.py makes "os" an attribute of this one.
from os import listdir, sep, walk
from os.path import abspath, dirname, join, relpath

from gosim.golang.library.binding import Binding, attach, bind, native, zero_class

__all__ = ["Binding", "absent", "attach", "bind", "find", "known", "native", "zero_class"]

_HOME = dirname(abspath(__file__))


def find(path: str) -> str | None:
    """Return the folder of a package, None if gosim does not have it."""
    if not path or path[0] in "./" or "\\" in path or ".." in path or path.endswith("/"):
        return None
    folder = join(_HOME, *path.split("/"))
    return folder if _has_source(folder) else None


@cache
def absent(path: str) -> frozenset[str]:
    """Return the names that Go's package exports and gosim's does not (see ``absent.txt``)."""
    with open(join(_HOME, "absent.txt"), encoding="utf-8") as f:
        for line in f:
            package, *names = line.split()
            if package == path:
                return frozenset(names)
    return frozenset()


def known() -> list[str]:
    """Return the import paths of all packages, sorted."""
    return sorted(
        relpath(folder, _HOME).replace(sep, "/")
        for folder, _, _ in walk(_HOME)
        if folder != _HOME and _has_source(folder)
    )


def _has_source(folder: str) -> bool:
    try:
        return any(name.endswith(".go") for name in listdir(folder))
    except OSError:
        return False
