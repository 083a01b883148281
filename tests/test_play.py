"""A person schedules: positions, choices, the way back, goals, what-if, and the terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

import gosim as gs
from gosim import chan, go, recv, select
from gosim.explore.game import Game, steps_of
from gosim.explore.search import Trial
from gosim.explore.whatif import compare
from gosim.levels import find, levels
from gosim.runtime.errors import NotRepeatable, UsageError
from gosim.runtime.program import Function


async def _worker(i: int, results: Any) -> None:
    await results.send(i)


async def first_of_two() -> None:
    """Take the first of two answers: the other sender is left over."""
    results = chan(int)
    for i in range(2):
        go(_worker, i, results)
    print("first:", await results.recv())


async def either() -> None:
    """Leak only if the second channel comes first."""
    a, b = chan(int, 1), chan(int, 1)
    lost = chan(int)
    go(_worker, 1, a)
    go(_worker, 2, b)
    i, _, _ = await select(recv(a), recv(b))
    if i == 1:
        go(_worker, 3, lost)
    print("case", i)


def game(main: object, goal: str = "", auto: bool = True) -> Game:
    return Game(Trial(Function(main, ())), goal, auto=auto)  # type: ignore[arg-type]


def as_json(made: Game) -> str:
    return json.dumps([made.position.to_dict(), made.token, made.moves], ensure_ascii=False)


def labels(made: Game) -> list[str]:
    return [choice.label for choice in made.position.choices]


def test_what_each_choice_would_do_is_one_sentence() -> None:
    made = game(first_of_two)
    told = [choice.effect for choice in made.looked_ahead().choices]
    assert told == [
        "main/2 sends 1 on results to main; main/2 returns",
        "main/1 sends 0 on results to main; main/1 returns",
    ]
    assert [choice.usual for choice in made.position.choices] == [True, False]
    waits = {g.name: (g.state, g.words) for g in made.position.goroutines}
    assert waits["main"] == ("ready", "receive from results")


def test_what_was_said_beforehand_is_what_happens() -> None:
    made = game(either, auto=False)
    while not made.position.over:
        ahead = made.looked_ahead()
        number = len(ahead.choices) - 1
        made.choose(number)
        assert made.told() == [ahead.choices[number].effect]


def test_taking_the_default_all_the_way_is_the_default_schedule() -> None:
    for main in (first_of_two, either):
        made, every = game(main), game(main, auto=False)
        while not made.position.over:
            made.choose(0)
        every.run_on()
        assert made.taken == every.taken
        assert made.token == every.token


@pytest.mark.parametrize("name", [level.name for level in levels() if not level.kernel][:6])
def test_undo_returns_to_the_same_state_byte_for_byte(name: str) -> None:
    level = find(name)
    assert level is not None
    made = Game(level.trial(), level.goal)
    seen = [as_json(made)]
    turn = 0
    while not made.position.over:
        made.choose(turn % len(made.position.choices))
        turn += 3
        seen.append(as_json(made))
    while made.moves:
        assert as_json(made) == seen.pop()
        made.undo()
    assert as_json(made) == seen.pop()
    with pytest.raises(UsageError, match="nothing has been decided"):
        made.undo()


def test_undo_of_a_single_step_is_the_way_without_its_last_step() -> None:
    made = game(either, auto=False)
    for _ in range(4):
        made.choose(0)
    before, taken = as_json(made), made.taken
    made.choose(len(made.position.choices) - 1)
    assert made.taken[:-1] == taken
    made.undo()
    assert as_json(made) == before
    made.back_to(2)
    assert made.taken == taken[:2]
    made.restart()
    assert made.taken == ()


def test_the_way_is_a_token_that_run_replays() -> None:
    made = game(either, "leak")
    while not made.position.over:
        wanted = next((c for c in made.looked_ahead().choices if "from b" in c.effect), None)
        sends = next((c for c in made.position.choices if "on b" in c.does), None)
        choice = wanted or sends or made.position.choices[0]
        made.step(choice.label)
    assert made.won
    run = gs.run(either, replay=made.token)
    assert (run.outcome, run.stdout) == ("leak", "case 1\n")
    assert steps_of(made.trial, made.token) == made.taken


def test_a_token_in_the_middle_leads_back_there() -> None:
    made = game(either)
    made.choose(1)
    other = game(either)
    other.open_at(steps_of(made.trial, made.token))
    assert other.position == made.position
    assert other.token == made.token


def test_a_token_of_another_program_is_refused() -> None:
    made = game(either)
    made.run_on()
    with pytest.raises(NotRepeatable):
        steps_of(Trial(Function(first_of_two, ())), made.token)
    with pytest.raises(UsageError, match="plain run"):
        steps_of(made.trial, gs.run(either).schedule)


def test_what_if_names_the_first_difference_and_compares_the_ends() -> None:
    made = game(either, auto=False)
    made.run_on()
    recorded = made.take(made.taken, lambda position: None, 0).positions[-1]
    fork = next(i for i, label in enumerate(made.taken) if len(_at(made, i)) > 1 and i)
    made.back_to(fork)
    made.choose(1)
    mine = made.finished(0).positions[-1]
    found = compare(recorded, mine)
    assert found.step == fork
    assert found.theirs == recorded.told[fork]
    assert found.mine == mine.told[fork] != found.theirs
    assert compare(recorded, recorded).step is None


def _at(made: Game, step: int) -> Sequence[object]:
    return made.take(made.taken[:step], lambda position: None).positions[-1].choices


def test_saying_that_it_cannot_be_done_is_proved_or_refuted() -> None:
    refuted = game(either, "leak").claim()
    assert refuted.holds is False
    assert gs.run(either, replay=refuted.token).outcome == "leak"
    proved = game(either, "deadlock").claim()
    assert proved.holds is True and not proved.token
    unknown = game(either, "deadlock").claim(max_schedules=1)
    assert unknown.holds is None


def test_steps_that_are_taken_at_once_hide_no_outcome() -> None:
    """All games in which quiet steps are not asked for come to all outcomes there are."""
    found: set[tuple[str, str]] = set()
    made = game(either)
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        made.open_at(())
        made._go_to(waiting.pop())
        position = made.position
        if position.ending is not None:
            found.add((position.ending.outcome, position.output))
        waiting += [(*position.taken, label) for label in labels(made)]
    explored = gs.explore(either)
    assert found == {(case.outcome.kind, case.outcome.output) for case in explored.cases}


async def prints() -> None:
    """Print, and do something else on the next line."""
    ch = chan(int, 1)
    print("one", end=" ")
    print("line")
    await ch.send(1)
    print("two")


def test_what_prints_is_shown_where_it_prints() -> None:
    made = game(prints, auto=False)
    first = prints.__code__.co_firstlineno
    seen = []
    while not made.position.over:
        [choice] = made.looked_ahead().choices
        seen.append((choice.effect, int(choice.at.rpartition(":")[2] or 0) - first))
        [standing] = made.position.goroutines
        assert standing.at == choice.at
        made.choose(0)
    assert seen == [
        ("main starts to run", 0),
        ("main prints “one line”", 3),
        ("main sends 1 on ch", 5),
        ("main prints “two”", 6),
        ("main returns, and with it the process ends", 6),
    ]


@pytest.mark.parametrize("name", ("two-forks", "late-answer", "one-way-out", "closed-range"))
def test_levels_can_be_played_in_python_too(name: str) -> None:
    level = find(name)
    assert level is not None
    made = Game(level.in_language("python").trial(), level.goal)
    assert made.run_on().over
    assert all(
        g.file.endswith(".py") for g in made.take((), lambda p: None).positions[-1].goroutines
    )
    target = level.in_language("python").target
    assert target.endswith(".py") or "--source go" not in target


def test_levels_are_found_by_name_and_number() -> None:
    for number, level in enumerate(levels(), 1):
        assert find(level.name) is level
        assert find(str(number)) is level
    assert find("0") is None and find("nobody") is None


def test_there_are_at_least_twelve_levels_without_a_toolchain() -> None:
    assert len([level for level in levels() if not level.kernel]) >= 12
    assert all(level.hints and level.text for level in levels())
