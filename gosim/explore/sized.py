"""Programs of a lesson at the size at which all their schedules are explored.

A Python file takes other values for its variables when it is started (``-p n=3``). A Go file has
constants: there the text is changed before it is compiled, line for line, so that every place in it
stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gosim.runtime.errors import UsageError
from gosim.runtime.program import File, Program
from gosim.runtime.version import LATEST

if TYPE_CHECKING:
    from gosim.leaks.messages import Source
    from gosim.scenario import Scenario, Variant

__all__ = ["parameters", "sized", "with_values"]

_PYTHON: Final = re.compile(r"^([A-Za-z]\w*) = (-?[\d_]+)(?=\s|$)", re.M)
_GO: Final = re.compile(r"^const ([A-Za-z]\w*) = (-?[\d_]+)(?=\s|$)", re.M)


def parameters(variant: Variant, source: Source = "python") -> dict[str, int]:
    """Return the whole numbers that a program of a lesson takes, by their names."""
    pattern = _PYTHON if source == "python" else _GO
    text = variant.file(source).read_text(encoding="utf-8")
    return {name: int(value) for name, value in pattern.findall(text)}


def sized(
    scenario: Scenario,
    variant: Variant,
    source: Source = "python",
    params: Mapping[str, Any] | None = None,
    go: str = LATEST,
) -> Program:
    """Return the program of a variant with other values; of Go, in the form for explorations.

    Parameters
    ----------
    scenario : Scenario
    variant : Variant
    source : {"python", "go"}
    params : mapping, optional
        Values by name; left out, the size at which the scenario is explored. What this variant
        does not have is passed over: another one of the scenario may have it.
    go : str
        The toolchain that is simulated.

    Raises
    ------
    UsageError
        When the variant is not told in this language.
    LoadError
        When it cannot be read.
    """
    if source not in variant.sources:
        only = " and ".join(name.capitalize() for name in variant.sources)
        raise UsageError(f"{scenario.name} {variant.name} is told in {only} only")
    has = parameters(variant, source)
    size = scenario.explore if params is None else params
    wanted = {name: x for name, x in size.items() if name in has}
    program: Program
    if source == "python":
        program = File(str(variant.file()), wanted)
    else:
        program = _compiled(variant.file("go"), wanted, go)
    program.name = scenario.name
    return program


def _compiled(file: Path, values: Mapping[str, Any], go: str) -> Program:
    from gosim.golang.program import GoProgram

    text = with_values(file.read_text(encoding="utf-8"), values) if values else None
    return GoProgram(str(file), go=go, source=text, explored=True)


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """Return the text of a Go program whose constants have other values."""
    for name, value in values.items():
        text = re.sub(rf"^const {name} = -?[\d_]+", f"const {name} = {value}", text, flags=re.M)
    return text
