"""The scenario folders as test cases, and what real Go does with each of them."""

from __future__ import annotations

import functools
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gosim.oracle import BuildError, GoResult, OracleError
from gosim.oracle.recorded import look_up, real_or_recorded

if TYPE_CHECKING:
    from gosim.leaks.run import Run

ROOT = Path(__file__).resolve().parent.parent / "scenarios"
NEWEST = "1.27"
OLD = "1.22"

#: Real sleeps on a loaded machine come late now and then; a measurement may be repeated. The last
#: one is the one that was recorded when the machine had nothing else to do.
ATTEMPTS = 4


@dataclass(frozen=True)
class Variant:
    """One variant of one scenario."""

    folder: Path
    scenario: dict[str, Any]
    table: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.table["name"])

    @property
    def id(self) -> str:
        return f"{self.folder.name}/{self.name}"

    @property
    def go_file(self) -> Path:
        return self.folder / f"{self.name}.go"

    @property
    def py_file(self) -> Path:
        return self.folder / f"{self.name}.py"

    @property
    def sources(self) -> list[str]:
        return list(self.table.get("sources", ["python", "go"]))

    @property
    def versions(self) -> list[str]:
        """The versions to compare: the newest, and the others where versions matter."""
        return list(self.table.get("versions", [NEWEST]))

    def expect(self, version: str) -> str:
        """What scenario.toml says about the outcome under a version."""
        by_version: dict[str, str] = self.table.get("expect_by_version", {})
        return by_version.get(version, str(self.table["expect"]))

    def hangs(self, version: str) -> bool:
        """Whether real Go neither ends nor complains."""
        return version in self.table.get("hangs", [])


@functools.cache
def folders() -> tuple[Path, ...]:
    return tuple(sorted(p.parent for p in ROOT.glob("*/*/scenario.toml")))


@functools.cache
def load(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "scenario.toml").read_text("utf-8"))


@functools.cache
def variants() -> tuple[Variant, ...]:
    return tuple(
        Variant(folder, load(folder), table)
        for folder in folders()
        for table in load(folder)["variant"]
    )


def cases(source: str = "python", expect: str = "") -> list[Any]:
    """Every variant told in `source`, with every version that matters to it.

    With `expect`, those of this outcome only.
    """
    return [
        pytest.param(v, version, id=f"{v.id}-{version}")
        for v in variants()
        if source in v.sources
        for version in v.versions
        if expect in ("", v.expect(version))
    ]


def simulate(
    variant: Variant, version: str, params: Mapping[str, Any] | None = None, **options: Any
) -> Run:
    """Run the Python telling of a variant; `options` are those of ``gosim.leaks.run.execute``."""
    from gosim.leaks.run import execute
    from gosim.runtime.program import File

    program = File(str(variant.py_file), params)
    return execute(program, variant=variant.name, go=version, **options)


_measured: dict[tuple[str, str], list[GoResult]] = {}


def real(variant: Variant, version: str, attempt: int = 0) -> GoResult:
    """Return what real Go does with the Go telling (recorded, where there is no Go).

    Measured once per session; `attempt` asks for a further measurement, the last for what was
    recorded.
    """
    if attempt == ATTEMPTS - 1:
        quiet = look_up(variant.folder, variant.name, version, variant.go_file)
        if quiet is not None:
            return quiet
    known = _measured.setdefault((variant.id, version), [])
    while len(known) <= attempt and not (known and known[-1].recorded):
        try:
            known.append(
                real_or_recorded(
                    variant.go_file,
                    version=version,
                    variant=variant.name,
                    timeout=2.0 if variant.hangs(version) else 10.0,
                )
            )
        except OracleError as error:
            if isinstance(error, BuildError):
                raise
            pytest.skip(f"nothing to compare with: {error}")
    return known[min(attempt, len(known) - 1)]


def outcome_of(go: GoResult) -> str:
    """Name what a real process did with the words of a Run's outcome."""
    if go.hung:
        return "leak"  # it stands there for ever and nobody is told
    if go.crash is not None:
        asleep = "all goroutines are asleep" in go.crash.message
        return "deadlock" if asleep else go.crash.kind
    if go.exit_code:
        return "exit"
    return "leak" if go.goroutines else "ok"


def waits(goroutines: Any) -> Counter[str]:
    """Count goroutines by what stands in Go's brackets."""
    return Counter(g.wait_reason for g in goroutines)
