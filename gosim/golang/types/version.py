"""Language versions (``types2/version.go`` and what ``cmd/compile`` adds)."""

from __future__ import annotations

import re
from typing import Any

from gosim.golang.ast import File
from gosim.golang.types.errors import ErrorsMixin

__all__ = ["CURRENT", "VersionMixin", "build_version", "minor_version"]

#: The newest language known.
CURRENT = 27

_GO = re.compile(r"(?:go)?1\.([0-9]+)(?:\.[0-9]+|rc[0-9]+|beta[0-9]+)?\Z")
_TAG = re.compile(r"go1\.([0-9]+)\Z")
_TERM = re.compile(r"\s*(\|\||&&|!|\(|\)|[^\s()!&|]+)")


def minor_version(version: str) -> int:
    """Return the N of ``go1.N``, ``1.N`` or ``1.N.M``; 0 when it is none.

    >>> minor_version("go1.21"), minor_version("1.22.3"), minor_version("")
    (21, 22, 0)
    """
    found = _GO.match(version)
    return int(found[1]) if found else 0


def build_version(line: str) -> int:
    """Return the language version that a ``//go:build`` line asks for; 0 for none.

    It is the smallest version that every way to satisfy the line implies (Go's
    ``go/build/constraint.GoVersion``).

    >>> build_version("//go:build go1.21 && linux"), build_version("//go:build go1.21 || linux")
    (21, 0)
    """
    words = _TERM.findall(line.removeprefix("//go:build"))
    at = 0

    def either() -> tuple[int, int]:
        nonlocal at
        # (version when true, version when false); -1 is "no bound".
        left = both()
        while at < len(words) and words[at] == "||":
            at += 1
            right = both()
            left = min(left[0], right[0]), max(left[1], right[1])
        return left

    def both() -> tuple[int, int]:
        nonlocal at
        left = single()
        while at < len(words) and words[at] == "&&":
            at += 1
            right = single()
            left = max(left[0], right[0]), min(left[1], right[1])
        return left

    def single() -> tuple[int, int]:
        nonlocal at
        word = words[at] if at < len(words) else ""
        at += 1
        if word == "!":
            yes, no = single()
            return no, yes
        if word == "(":
            inner = either()
            at += 1
            return inner
        tag = _TAG.match(word)
        return (int(tag[1]) if tag else -1), -1

    return max(either()[0], 0)


class VersionMixin(ErrorsMixin):
    """What a language version allows."""

    def allow_version(self, want: int) -> bool:
        return not self.version or self.version >= want

    def verify_versionf(self, at: Any, want: int, format: str, *args: Any) -> bool:
        if self.version and self.version < want:
            text = self.sprintf(format, *args)
            self.error(at, "UnsupportedFeature", f"{text} requires go1.{want} or later")
            return False
        return True

    def file_build_version(self, file: File) -> int:
        """Return the version that the ``//go:build`` line of `file` asks for, or 0."""
        for pos, line in file.directives:
            if pos < file.package and line.startswith("//go:build"):
                return build_version(line)
        return 0

    def version_hint(self, pos: int) -> str:
        for file, version in self.info.file_versions.items():
            if file.directives and self.file_build_version(file) == version:
                # The file the position lies in begins before it and no later one does.
                later = [f for f in self.files if file.package < f.package <= pos]
                if file.package <= pos and not later:
                    return f" (file declares //go:build go1.{version})"
        given = minor_version(self.conf.go_version)
        return f" (-lang was set to go1.{given}; check go.mod)"
