"""Random Go programs do under gosim what they do under real Go.

What real Go does with the first hundred is recorded; ``-m slow`` compares two thousand more with a
toolchain. `golang_fuzz` does both.
"""

from __future__ import annotations

import zlib

import golang_fuzz as fuzz
import pytest

from gosim.oracle.toolchain import Toolchain

RECORDED = fuzz.recorded()


@pytest.mark.parametrize("seed", sorted(RECORDED))
def test_a_random_program_does_what_it_did_under_go(seed: int) -> None:
    crc, theirs = RECORDED[seed]
    assert zlib.crc32(fuzz.source(seed).encode()) == crc, "the generator changed: record anew"
    ours = fuzz.simulated(seed)
    assert fuzz.difference(ours, theirs) is None


def test_the_programs_are_various() -> None:
    """Some end by a panic, some by an exit code of their own, most by themselves."""
    codes = [theirs.code for _, theirs in RECORDED.values()]
    panics = {theirs.stderr.split(" ")[0] for _, theirs in RECORDED.values()}
    assert len(RECORDED) == fuzz.COUNT
    assert codes.count(0) > 50
    assert codes.count(2) > 10
    assert {"panic:", "fatal"} <= panics
    assert sum(len(theirs.stdout) for _, theirs in RECORDED.values()) > 100_000


@pytest.mark.go
@pytest.mark.slow
def test_two_thousand_random_programs_do_what_they_do_under_go(go_toolchain: Toolchain) -> None:
    assert fuzz.compare(fuzz.COUNT, 2000, str(go_toolchain.go)) == 0
