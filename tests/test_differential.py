"""Random programs do under gosim what they do under real Go: trace, exit, texts, who is left.

The slice of ``SLICE`` is compared with what was recorded (everywhere) and with the toolchains that
are installed; ``-m slow`` compares many more programs with the toolchains.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from unittest import mock

import pytest

from gosim.oracle import Toolchain
from gosim.runtime.proc import World
from tests.differential import (
    SIMPLE,
    SLICE,
    VERSIONS,
    Outcome,
    Program,
    TooManyChoices,
    build,
    compare,
    digest,
    from_record,
    outcomes,
    recorded,
)

Numbers = tuple[int, ...]
Builder = Callable[[str, Numbers], Path]

RECORD = recorded()
MANY = tuple(range(1000, 1300))


@cache
def program(number: int) -> Program:
    return Program(number)


def told(mine: list[Outcome], theirs: Outcome) -> str:
    """Say what differs from the first of our outcomes."""
    ours, go = asdict(mine[0]), asdict(theirs)
    return "\n".join(
        f"{k}: gosim {ours[k]!r}\n{k}: Go    {go[k]!r}" for k in go if ours[k] != go[k]
    )


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("number", SLICE)
def test_a_program_does_what_was_recorded(number: int, version: str) -> None:
    row = RECORD[version][str(number)]
    assert row["digest"] == digest(program(number)), "python -m tests.differential --record"
    theirs = from_record(row)
    mine = outcomes(program(number), version)
    assert theirs in mine, told(mine, theirs)


@pytest.fixture(scope="module")
def binary(
    go_version: Callable[[str], Toolchain], tmp_path_factory: pytest.TempPathFactory
) -> Builder:
    """Build many programs at once, for a version."""
    built: dict[tuple[str, Numbers], Path] = {}

    def of(version: str, numbers: Numbers) -> Path:
        key = version, numbers
        if key not in built:
            programs = [program(n) for n in numbers]
            built[key] = build(go_version(version), programs, tmp_path_factory.mktemp("programs"))
        return built[key]

    return of


@pytest.mark.go
@pytest.mark.parametrize("version", VERSIONS)
def test_programs_do_what_real_go_does(version: str, binary: Builder) -> None:
    check(version, SLICE, binary)


@pytest.mark.go
@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_many_programs_do_what_real_go_does(version: str, binary: Builder) -> None:
    check(version, MANY, binary)


def check(version: str, numbers: Numbers, binary: Builder) -> None:
    made = binary(version, numbers)
    differences: dict[int, str] = {}
    compared = 0
    for number in numbers:
        try:
            difference = compare(made, program(number), version)
        except TooManyChoices:
            continue
        compared += 1
        if difference is not None:
            differences[number] = told(*difference)
    assert not differences
    assert compared > 0.9 * len(numbers)


# -- the comparison itself


def test_the_programs_use_every_operation() -> None:
    source = "".join(program(n).go() + program(n).python() for n in range(400))
    missing = [
        kind
        for kind, pair in SIMPLE.items()
        for template in pair
        if not all(part in source for part in _fixed(template))
    ]
    assert not missing


def _fixed(template: str) -> list[str]:
    """Return the parts of a template between its blanks."""
    import re

    plain = template.replace("{{", "\0").replace("}}", "\1")
    parts = re.split(r"\{\w+\}|\n", plain)
    return [part.replace("\0", "{").replace("\1", "}") for part in parts]


def test_the_programs_end_in_many_ways() -> None:
    rows = [from_record(row) for row in RECORD["1.27"].values()]
    assert sum(row.returned for row in rows) > 15
    assert sum(bool(row.left) for row in rows) > 5
    assert sum("deadlock" in row.message for row in rows) > 10
    assert sum(row.message.startswith("panic: ") for row in rows) > 3
    assert sum(len(row.stdout.splitlines()) > 8 for row in rows) > 15


def test_a_wrong_order_would_be_noticed() -> None:
    """Whoever is readied runs next; let him queue instead."""

    def differs(number: int) -> bool:
        theirs = from_record(RECORD["1.27"][str(number)])
        return theirs not in outcomes(program(number), "1.27")

    with mock.patch.object(World.Fast, "ready", World.runqput):
        assert any(differs(number) for number in SLICE)
