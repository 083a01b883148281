"""The shipped assignments with their bundles, and what is checked once for several tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NoReturn

from gosim.course.assignment import Assignment, load, names, root
from gosim.course.checking import HERE, check
from gosim.course.report import Report

INSTRUCTOR = Path(__file__).parents[1] / "instructor"


@cache
def assignment(name: str) -> Assignment:
    return load(root() / name, INSTRUCTOR)


@cache
def report(name: str, path: Path) -> Report:
    """Check a program of ours, without a sandbox."""
    return check(path, assignment(name), mode=HERE)


def repairs() -> list[str]:
    return [name for name in names() if assignment(name).kind == "repair"]


def tellings() -> list[tuple[str, str]]:
    return [(name, source) for name in repairs() for source in assignment(name).sources]


def wrongs() -> list[tuple[str, str, str]]:
    return [
        (name, wrong.name, source)
        for name in repairs()
        for wrong in (assignment(name).bundle or no_bundle(name)).wrong
        for source in wrong.sources
    ]


def no_bundle(name: str) -> NoReturn:
    raise AssertionError(f"{name} has no bundle in {INSTRUCTOR}")
