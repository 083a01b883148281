"""What NAME on the command line means: a scenario and its variant, or a file of the user's own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gosim.runtime.errors import LoadError, UsageError
from gosim.runtime.program import is_go
from gosim.scenario import Scenario, Variant, find

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gosim.runtime.program import Program


@dataclass(frozen=True)
class Target:
    """What is to be run or shown.

    Attributes
    ----------
    path : str
        The file, or the folder of a Go program; for scenarios whose variant is not told in the
        language asked for, empty.
    scenario, variant
        None for a file of the user's own.
    wanted : str or None
        The variant asked for, of a file.
    source : {"python", "go"}
        The language.
    """

    path: str
    scenario: Scenario | None = None
    variant: Variant | None = None
    wanted: str | None = None
    source: str = "python"

    def program(
        self,
        params: Mapping[str, Any] | None = None,
        go: str | None = None,
        go_line: str | None = None,
        stubs: Mapping[str, str] | None = None,
        *,
        explored: bool = False,
        races: bool = False,
    ) -> Program:
        """Load the program.

        For an exploration, printing is a step of its own in a Go program (`explored`), and so are
        accesses to variables that goroutines share (`races`).

        Raises
        ------
        LoadError
            When the file cannot be read or is no program.
        UsageError
            When the variant is not told in this language.
        """
        if not self.path:
            raise self._other_telling()
        if self.source == "go":
            from gosim.golang.program import GoProgram
            from gosim.runtime.version import LATEST

            if self.wanted is not None:
                raise UsageError("a Go program has no variants", self.path)
            text = None
            if params and self.scenario is not None:
                text = self._with_constants(params)
            elif params:
                text = self._with_values(params)
            program: Program = GoProgram(
                self.path,
                go=go or LATEST,
                go_line=go_line,
                stubs=stubs,
                source=text,
                explored=explored,
                races=races,
            )
        else:
            from gosim.runtime.program import File

            program = File(self.path, params, variant=self.wanted)
        if self.scenario is not None:
            program.name = self.scenario.name
        return program

    def size(self, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the parameters for an exploration: the scenario's own, then those asked for.

        What the variant does not have is left out of the scenario's: another one may have it.
        """
        declared = self.scenario.explore if self.scenario is not None else {}
        has = self.own_values()
        return {**{n: v for n, v in declared.items() if n in has}, **(params or {})}

    def own_values(self) -> dict[str, int]:
        """Return the parameters of a scenario's program that are whole numbers, as it has them."""
        if self.variant is None or not self.path:
            return {}
        from gosim.explore.sized import parameters

        return parameters(self.variant, "go" if self.source == "go" else "python")

    def _with_constants(self, params: Mapping[str, Any]) -> str:
        """Return the text of a scenario in Go whose constants have other values."""
        from gosim.explore.sized import with_values

        assert self.variant is not None
        has = self.own_values()
        for name, value in params.items():
            if name not in has or not isinstance(value, int):
                known = f"it has {', '.join(has)}" if has else "it has none that can be set"
                raise UsageError(
                    f"-p {name}={value}: the program has no whole constant {name}; {known}"
                )
        return with_values(self.variant.file("go").read_text(encoding="utf-8"), params)

    def _with_values(self, params: Mapping[str, Any]) -> str:
        """Return the text of a Go file in which constants or variables have other values."""
        from gosim.course.assignment import set_params

        name, value = next(iter(params.items()))
        try:
            with open(self.path, encoding="utf-8") as f:
                return set_params(f.read(), params, self.path)
        except IsADirectoryError:
            raise UsageError(f"-p {name}: only programs of one file have parameters") from None
        except OSError as error:
            raise LoadError(
                f"cannot read this: {(error.strerror or '').lower()}", self.path
            ) from None
        except (LoadError, UnicodeDecodeError):
            raise UsageError(
                f"-p {name}: the program has to have each name in one line such as `const {name} = "
                f"{value}`; arguments of a Go program stand behind --: gosim run prog.go -- {value}"
            ) from None

    def _other_telling(self) -> UsageError:
        assert self.scenario is not None
        assert self.variant is not None
        name, variant = self.scenario.name, self.variant.name
        if self.source == "go":
            return UsageError(
                f"{name} {variant} is told in Python only: run it without --source go"
            )
        return UsageError(
            f"{name} {variant} is told in Go only: `gosim run {name} --variant {variant} --source "
            f"go` runs it, `gosim compare {name} --variant {variant}` under real Go, too"
        )


FIXED = "fixed"


def resolve(
    name: str, variant: str | None = None, fixed: bool = False, source: str | None = None
) -> Target:
    """Return what NAME means.

    A word that ends in ``.py`` or ``.go``, holds a path separator, or names an existing file is a
    file or a folder; so is one that names a folder of Go files, unless it is the whole name of a
    scenario. Anything else is a scenario.
    """
    if os.sep in name or name.endswith((".py", ".go")) or os.path.isfile(name) or name == ".":
        return _file(name, FIXED if fixed else variant, source)
    try:
        scenario = find(name)
        if os.path.isdir(name) and is_go(name) and scenario.name != name.replace("_", "-").lower():
            return _file(name, FIXED if fixed else variant, source)
    except UsageError:
        if os.path.isdir(name):
            return _file(name, FIXED if fixed else variant, source)
        raise
    chosen = scenario.fixed if fixed else scenario.variant(variant) if variant else scenario.first
    language = source or "python"
    path = str(chosen.file(language)) if language in chosen.sources else ""
    return Target(path, scenario, chosen, source=language)


def _file(path: str, wanted: str | None, source: str | None) -> Target:
    language = "go" if is_go(path) else "python"
    if os.path.isdir(path) and language == "python":
        raise LoadError(
            "this folder has no Go files; gosim runs one Python file, one Go file, or a folder of "
            "Go files",
            path,
        )
    if source is not None and source != language:
        raise UsageError(f"--source {source} is for scenarios; this file is {language}", path)
    return Target(path, wanted=wanted, source=language)
