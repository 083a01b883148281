"""The levels of the game: what is recorded of each is what an exploration finds."""

from __future__ import annotations

import pytest

from gosim.explore.game import Game, claim, steps_of
from gosim.levels import Level, Record, difficulty, levels
from gosim.levels.kernels import GO, alone
from gosim.oracle import find_toolchain
from tests.record_levels import known_of, text_sum

QUICK = 10
"""Levels with more schedules are explored by the slow tests."""


def needs(level: Level) -> None:
    if level.kernel and find_toolchain(GO) is None:
        pytest.skip(f"Go {GO}, whose file it is, is not here")


def every() -> list[object]:
    return [
        pytest.param(
            level,
            id=level.name,
            marks=[pytest.mark.slow] if level.record and level.record.schedules > QUICK else [],
        )
        for level in levels()
    ]


@pytest.mark.parametrize("level", every())
def test_what_is_recorded_is_what_an_exploration_finds(level: Level) -> None:
    """Go on with ``python -m tests.record_levels NAME`` when a scenario was changed on purpose."""
    needs(level)
    record = level.record
    assert record is not None
    assert Record(**known_of(level)) == record
    assert record.complete


@pytest.mark.parametrize("level", levels(), ids=lambda level: level.name)
def test_a_level_is_won_by_its_token_or_nobody_can_win_it(level: Level) -> None:
    needs(level)
    record = level.record
    assert record is not None
    assert text_sum(level) == record.sum, "record it once more: python -m tests.record_levels"
    assert bool(record.token) != record.cannot
    if record.cannot:
        assert level.asks
        if record.schedules <= QUICK:
            assert claim(level.trial(), level.goal).holds is True
        return
    game = Game(level.trial(), level.goal)
    game.open_at(steps_of(game.trial, record.token))
    assert game.won and game.token == record.token


def test_some_that_ask_can_be_done_and_some_cannot() -> None:
    asked = [level.record for level in levels() if level.asks]
    cannot = [record for record in asked if record is not None and record.cannot]
    assert 0 < len(cannot) < len(asked)


def test_levels_come_in_the_order_of_their_difficulty() -> None:
    for kernel in (False, True):
        stars = [level.stars for level in levels() if level.kernel is kernel]
        assert stars == sorted(stars) and stars[0] < stars[-1]
        assert all(1 <= each <= 5 for each in stars)


def test_what_is_rarer_or_deeper_is_not_easier() -> None:
    def stars(schedules: int, reaching: int, deviations: int) -> int:
        return difficulty(Record(schedules, reaching, True, deviations, 10, "", ""))

    for schedules in (2, 7, 24, 152):
        for reaching in range(2, schedules + 1):
            for deviations in range(3):
                here = stars(schedules, reaching, deviations)
                assert stars(schedules, reaching - 1, deviations) >= here
                assert stars(schedules, reaching, deviations + 1) >= here
                assert 1 <= here <= 5


def test_a_kernel_is_its_file_line_by_line() -> None:
    text = (
        'package main\n\nimport (\n\t"os"\n\t"runtime/pprof"\n\t"sync"\n\t"time"\n)\n\n'
        'func init() {\n\tregister("K", K)\n}\n\nvar mu sync.Mutex\n\nfunc K() {\n'
        '\tprof := pprof.Lookup("goroutineleak")\n\tdefer func() {\n'
        "\t\ttime.Sleep(100 * time.Millisecond)\n\t\tprof.WriteTo(os.Stdout, 2)\n\t}()\n\n"
        "\tfor i := 0; i < 100; i++ {\n\t\tgo mu.Lock()\n\t}\n}\n"
    )
    made = alone(text, "K")
    before, after = text.split("\n"), made.split("\n")
    assert len(before) == len(after)
    kept = [line for line in after if line]
    assert kept == [
        "package main",
        "import (",
        '\t"sync"',
        ")",
        "var mu sync.Mutex",
        "func main() {",
        "\tfor i := 0; i < 1; i++ {",
        "\t\tgo mu.Lock()",
        "\t}",
        "}",
    ]
    assert after.index("\t\tgo mu.Lock()") == before.index("\t\tgo mu.Lock()")
