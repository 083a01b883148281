"""What NAME on the command line means: a scenario and its variant, or a file of the user's own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gosim.runtime.errors import LoadError, UsageError
from gosim.scenario import Scenario, Variant, find

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gosim.runtime.program import File


@dataclass(frozen=True)
class Target:
    """What is to be run or shown.

    Attributes
    ----------
    path : str
        The Python file; for scenarios whose variant has none, empty.
    scenario, variant
        None for a file of the user's own.
    wanted : str or None
        The variant asked for, of a file.
    """

    path: str
    scenario: Scenario | None = None
    variant: Variant | None = None
    wanted: str | None = None

    def program(self, params: Mapping[str, Any] | None = None) -> File:
        """Load the Python program.

        Raises
        ------
        LoadError
            When the file cannot be read or is not Python.
        UsageError
            When the variant is told in Go only.
        """
        from gosim.runtime.program import File

        if self.scenario is None:
            return File(self.path, params, variant=self.wanted)
        assert self.variant is not None
        if "python" not in self.variant.sources:
            name, variant = self.scenario.name, self.variant.name
            raise UsageError(
                f"{name} {variant} is told in Go only: `gosim show {name} --variant {variant}` "
                f"shows it, `gosim compare {name} --variant {variant}` runs it under real Go"
            )
        program = File(self.path, params)
        program.name = self.scenario.name
        return program


FIXED = "fixed"


def resolve(name: str, variant: str | None = None, fixed: bool = False) -> Target:
    """Return what NAME means.

    A word that ends in ``.py`` or ``.go``, holds a path separator, or names an existing file is a
    file; anything else is a scenario.
    """
    if name.endswith(".go"):
        raise UsageError(
            "this version of gosim runs Python programs, not Go source; `gosim compare NAME` runs "
            "the Go file of a scenario under real Go"
        )
    if os.sep in name or name.endswith(".py") or os.path.isfile(name):
        if os.path.isdir(name):
            raise LoadError("this is a folder; gosim runs one Python file", name)
        return Target(name, wanted=FIXED if fixed else variant)
    try:
        scenario = find(name)
    except UsageError:
        if os.path.isdir(name):
            raise LoadError("this is a folder; gosim runs one Python file", name) from None
        raise
    chosen = scenario.fixed if fixed else scenario.variant(variant) if variant else scenario.first
    path = str(chosen.file("python")) if "python" in chosen.sources else ""
    return Target(path, scenario, chosen)
