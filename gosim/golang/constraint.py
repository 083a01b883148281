"""Which files of a folder belong to a build: ``//go:build`` lines and names such as
``poll_linux.go`` (Go: ``go/build/constraint``, ``go help buildconstraint``).

gosim builds for linux/amd64 with the compiler gc, without cgo.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["excluded"]

_OPERATING_SYSTEMS = frozenset(
    {"aix", "android", "darwin", "dragonfly", "freebsd", "illumos", "ios", "js", "linux", "netbsd"}
    | {"hurd", "nacl", "openbsd", "plan9", "solaris", "wasip1", "windows", "zos"}
)
_PROCESSORS = frozenset(
    {"386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64"}
    | {"ppc64le", "riscv64", "s390x", "wasm"}
)
_TRUE = frozenset({"linux", "amd64", "unix", "gc"})
_LINE = re.compile(r"^//go:build\s+(.*)$", re.MULTILINE)
_PACKAGE = re.compile(r"^package\b", re.MULTILINE)
_TOKEN = re.compile(r"\s*(\|\||&&|[!()]|[\w.]+)")


def excluded(name: str, source: str, minor: int) -> str | None:
    """Return why a file is not part of the build, or None.

    Parameters
    ----------
    name : str
        Its name, without folders.
    source : str
        Its text.
    minor : int
        27 for the toolchain 1.27: the tags ``go1.1`` to ``go1.27`` hold.

    Examples
    --------
    >>> excluded("a_windows.go", "package a", 27)
    'its name says windows'
    >>> excluded("a.go", "//go:build ignore\\n\\npackage main", 27)
    'its build constraint is "ignore"'
    >>> excluded("a.go", "//go:build linux && go1.22\\n\\npackage main", 27)
    """
    for word in _words(name):
        if word not in _TRUE:
            return f"its name says {word}"
    package = _PACKAGE.search(source)
    line = _LINE.search(source, 0, package.start() if package else len(source))
    if line is not None and not _holds(line[1], minor):
        return f'its build constraint is "{line[1].strip()}"'
    return None


def _words(name: str) -> list[str]:
    """The words at the end of a file's name that name a system or a processor."""
    parts = name.removesuffix(".go").removesuffix("_test").split("_")[1:]
    if len(parts) >= 2 and parts[-2] in _OPERATING_SYSTEMS and parts[-1] in _PROCESSORS:
        return parts[-2:]
    if parts and parts[-1] in _OPERATING_SYSTEMS | _PROCESSORS:
        return parts[-1:]
    return []


def _holds(text: str, minor: int) -> bool:
    """Whether a constraint is satisfied; one that cannot be read is not."""
    tokens = [*_TOKEN.findall(text), ""]
    at = 0

    def take() -> str:
        nonlocal at
        at += 1
        return str(tokens[at - 1])

    def chain(operator: str, part: Callable[[], bool]) -> bool:
        value = part()
        while tokens[at] == operator:
            take()
            other = part()
            value = value or other if operator == "||" else value and other
        return value

    def either() -> bool:
        return chain("||", both)

    def both() -> bool:
        return chain("&&", one)

    def one() -> bool:
        tag = take()
        if tag == "!":
            return not one()
        if tag == "(":
            value = either()
            take()
            return value
        if tag.startswith("go1."):
            return tag[4:].isdigit() and int(tag[4:]) <= minor
        return tag in _TRUE

    try:
        return either()
    except IndexError:
        return False
