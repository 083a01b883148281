"""Scenarios: lessons with a leaking program and its repairs, in Python and in Go.

A scenario is a folder with ``scenario.toml`` and, for each variant, ``<variant>.py`` and
``<variant>.go``.  Those that ship with gosim lie in ``scenarios/<family>/<name>/``; a package adds
its own through the entry-point group ``gosim.scenarios``: each entry names a package or module, in
whose folder the scenarios are, a folder, or a function that returns a folder.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from gosim.runtime.errors import LoadError, UsageError

ENTRY_POINTS = "gosim.scenarios"


@dataclass(frozen=True)
class Variant:
    """One telling of a scenario: the leak, or a repair.

    Attributes
    ----------
    name, summary : str
    expect : str
        Outcome of the run (``leak``, ``ok``, ``deadlock``, ``panic``, ``fatal``), or
        ``compile-error``.
    stdout : str
        How far real Go's output is determined: ``exact``, ``unordered`` or ``free``.
    sources : tuple of str
        ``python``, ``go`` or both.
    expect_by_version : dict
        Go versions in which another outcome is expected.
    """

    name: str
    summary: str
    expect: str
    stdout: str
    folder: Path
    sources: tuple[str, ...]
    versions: tuple[str, ...] = ("1.27",)
    expect_by_version: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def file(self, source: str = "python") -> Path:
        """Return the variant's file in one of its languages."""
        return self.folder / f"{self.name}.{'py' if source == 'python' else 'go'}"

    def expected(self, go: str) -> str:
        """Return the outcome expected in version `go`."""
        return self.expect_by_version.get(go, self.expect)


@dataclass(frozen=True)
class Scenario:
    """A lesson.

    Attributes
    ----------
    name, family, title, story, fix : str
    rows : tuple of str
        The rows of the article it covers.
    variants : tuple of Variant
        The first one is the leak (tours have none that leaks).
    params : dict
        Parameters with their defaults (``-p n=500``).
    explore : dict
        The size at which all schedules are explored.
    load : str
        The function that each call of a load runs, by its Python name; a variant may have another.
    no_load : str
        Why no load can be put on it, in one sentence; empty where one can.
    """

    name: str
    family: str
    title: str
    rows: tuple[str, ...]
    primary_rows: tuple[str, ...]
    story: str
    fix: str
    variants: tuple[Variant, ...]
    params: dict[str, Any]
    explore: dict[str, Any]
    folder: Path
    load: str = "main"
    no_load: str = ""

    def variant(self, name: str) -> Variant:
        """Return a variant by its name.

        Raises
        ------
        UsageError
            With the nearest name, when there is no such variant.
        """
        for variant in self.variants:
            if variant.name == name.replace("_", "-"):
                return variant
        names = [v.name for v in self.variants]
        raise UsageError(
            f"{self.name} has no variant {name!r}{_nearest(name, names)}; it has {', '.join(names)}"
        )

    @property
    def first(self) -> Variant:
        """The variant that runs when none is named."""
        return self.variants[0]

    @property
    def fixed(self) -> Variant:
        """The first variant that repairs: what ``--fixed`` means."""
        leaks = bool(self.expect) or self.first.name == "leak"
        for variant in self.variants[1:]:
            # A waste that is no leak says itself which variant does better (``repairs = true``).
            better = variant.extra.get("repairs", leaks)
            if better and variant.expect == "ok" and "python" in variant.sources:
                return variant
        raise UsageError(f"{self.name} is a tour: it has nothing to repair")

    @property
    def expect(self) -> list[str]:
        """What the lesson shows (``["leak"]``); empty for tours."""
        outcomes = {o for v in self.variants for o in (v.expect, *v.expect_by_version.values())}
        return sorted(outcomes - {"ok", "compile-error"})


def _load(folder: Path) -> Scenario:
    path = folder / "scenario.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LoadError(f"cannot read the scenario: {error.strerror}", str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LoadError(f"this is not a scenario file: {error}", str(path)) from None
    known = {"name", "summary", "expect", "stdout", "sources", "versions", "expect_by_version"}
    try:
        variants: list[Variant] = []
        for v in data["variant"]:
            files = (("python", f"{v['name']}.py"), ("go", f"{v['name']}.go"))
            here = [source for source, file in files if (folder / file).exists()]
            variants.append(
                Variant(
                    name=v["name"],
                    summary=v["summary"],
                    expect=v["expect"],
                    stdout=v.get("stdout", "exact"),
                    folder=folder,
                    sources=tuple(v.get("sources", here)),
                    versions=tuple(v.get("versions", ("1.27",))),
                    expect_by_version=v.get("expect_by_version", {}),
                    extra={k: x for k, x in v.items() if k not in known},
                )
            )
        return Scenario(
            name=folder.name,
            family=data["family"],
            title=data["title"],
            rows=tuple(data["rows"]),
            primary_rows=tuple(data.get("primary_rows", ())),
            story=data["story"].strip(),
            fix=data.get("fix", ""),
            variants=tuple(variants),
            params=data.get("params", {}),
            explore=data.get("explore", {}),
            folder=folder,
            load=data.get("load", "main"),
            no_load=data.get("no_load", ""),
        )
    except KeyError as error:
        raise LoadError(f"the scenario lacks the field {error}", str(path)) from None
    except (TypeError, AttributeError):
        raise LoadError("a field of the scenario has the wrong type", str(path)) from None


def _roots() -> Iterator[Path]:
    """Yield the folders that hold families of scenarios."""
    package = Path(__file__).parent
    for root in (package / "scenarios", package.parent / "scenarios"):
        if root.is_dir():
            yield root
            break


@cache
def _third_party() -> tuple[tuple[Scenario, ...], tuple[str, ...]]:
    """Return the scenarios of other packages, and what is wrong with those that do not load."""
    from importlib.metadata import entry_points

    found: list[Scenario] = []
    wrong: list[str] = []
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda e: (e.name, e.value)):
        try:
            folder = _folder_of(entry.load())
            paths = sorted(folder.rglob("scenario.toml"))
            if not paths:
                raise LoadError("there is no scenario.toml in this folder", str(folder))
            found += [_load(path.parent) for path in paths]
        except Exception as error:  # somebody else's code, which may do anything
            what = (
                str(error) if isinstance(error, LoadError) else f"{type(error).__name__}: {error}"
            )
            wrong.append(
                f"the scenarios of {entry.value} (entry point {entry.name}) do not load: {what}"
            )
    return tuple(found), tuple(wrong)


def _folder_of(thing: Any) -> Path:
    """Return the folder that an entry point means."""
    if callable(thing):
        thing = thing()
    file = getattr(thing, "__file__", None)
    return Path(file).parent if file is not None else Path(os.fspath(thing))


def problems() -> tuple[str, ...]:
    """Return a sentence for each package whose scenarios could not be loaded."""
    return _third_party()[1]


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Return all scenarios: those that ship with gosim, then those of other packages."""
    return (*_shipped(), *_third_party()[0])


@cache
def _shipped() -> tuple[Scenario, ...]:
    return tuple(
        _load(path.parent) for root in _roots() for path in sorted(root.glob("*/*/scenario.toml"))
    )


def find(name: str) -> Scenario:
    """Return the scenario with this name, unique prefix, or article row.

    Raises
    ------
    UsageError
        With the nearest name when there is none, with the candidates when there are several.
    """
    wanted = name.replace("_", "-").lower()
    if wanted.replace("-", "").isalnum():
        for root in _roots():  # the common case, without reading all others
            for family in sorted(root.iterdir()):
                if (family / wanted / "scenario.toml").is_file():
                    return _load(family / wanted)
    everything = scenarios()
    exact = [s for s in everything if s.name == wanted]
    if exact:
        return exact[0]
    row = name.upper()
    by_row = [s for s in everything if row in s.rows]
    primary = [s for s in by_row if row in s.primary_rows]
    prefixed = [s for s in everything if s.name.startswith(wanted)] if wanted else []
    found = primary or by_row or prefixed
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(s.name for s in found)
        raise UsageError(f"{name!r} could be any of {names}; write more of the name")
    raise UsageError(
        f"there is no scenario {name!r}{_nearest(wanted, [s.name for s in everything])}; "
        "`gosim list` shows all, and a program of your own is given as a file: my_program.py"
    )


def _nearest(name: str, names: list[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f" (did you mean {close[0]}?)" if close else ""
