"""The assertions for tests, and the plug-in of pytest."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

import gosim as gs
from gosim import chan, go, recv, select
from gosim.cli import main
from gosim.testing import (
    assert_always_prints,
    assert_always_terminates,
    assert_never_deadlocks,
    assert_never_leaks,
    assert_never_panics,
    explore,
)

pytest_plugins = ["pytester"]


async def answer(answers):
    await answers.send("late")


async def sometimes():
    """Leaks when the default case wins."""
    answers = chan(str)
    go(answer, answers)
    await select(recv(answers), gs.default)


async def never():
    answers = chan(str, 1)
    go(answer, answers)
    await select(recv(answers), gs.default)


async def stuck():
    await chan(int).recv()


async def close_twice():
    ch = chan(int)
    await ch.close()
    await ch.close()


def test_what_holds_passes_and_is_complete() -> None:
    assert assert_never_leaks(never).complete
    assert_always_terminates(never)
    assert_never_panics(never)
    assert_never_deadlocks(sometimes)


def test_a_leak_in_one_schedule_fails_with_its_story_and_its_token() -> None:
    with pytest.raises(AssertionError) as failed:
        assert_never_leaks(sometimes)
    message = str(failed.value)
    assert "leaks in 1 of 2 schedules" in message
    assert "answers" in message
    call = message.rpartition("see it: ")[2].strip()
    assert call.startswith("gosim.run(sometimes, replay='g1.")
    assert eval(call, {"gosim": gs, "sometimes": sometimes}).outcome == "leak"


def test_each_assertion_sees_what_it_is_for() -> None:
    with pytest.raises(AssertionError, match="deadlocks"):
        assert_never_deadlocks(stuck)
    with pytest.raises(AssertionError, match="close of closed channel"):
        assert_never_panics(close_twice)
    with pytest.raises(AssertionError, match="does not end well"):
        assert_always_terminates(stuck)


def test_all_outputs_have_to_be_expected() -> None:
    async def two() -> None:
        done = chan(int)

        async def say(word: str) -> None:
            print(word)
            await done.send(1)

        go(say, "a")
        go(say, "b")
        await done.recv()
        await done.recv()

    assert_always_prints(two, expected=["a\nb\n", "b\na\n"])
    with pytest.raises(AssertionError, match="prints"):
        assert_always_prints(two, expected="a\nb\n")


def test_a_search_that_saw_a_part_is_enough_only_when_asked() -> None:
    with pytest.raises(AssertionError, match="not all of them"):
        assert_never_deadlocks(sometimes, max_schedules=1)
    assert not assert_never_deadlocks(sometimes, max_schedules=1, partly=True).complete


def test_files_are_explored_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "main.go"
    path.write_text(
        "package main\n\nfunc main() {\n\tc := make(chan int)\n\tgo func() { c <- 1 }()\n}\n"
    )
    assert explore(str(path)).leaks
    for given in (str(path), path):
        with pytest.raises(AssertionError, match="leaks") as failed:
            assert_never_leaks(given)
        words = shlex.split(str(failed.value).rpartition("see it: ")[2])
        assert words[:3] == ["gosim", "run", str(path)]
        assert main([*words[1:], "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["outcome"] == "leak"


def test_a_folder_of_go_files_is_explored(tmp_path: Path) -> None:
    (tmp_path / "main.go").write_text(
        "package main\n\nfunc main() {\n\tc := make(chan int, 1)\n\tgo send(c)\n\t<-c\n}\n"
    )
    (tmp_path / "send.go").write_text("package main\n\nfunc send(c chan int) { c <- 1 }\n")
    assert assert_never_leaks(tmp_path).complete


def test_the_plug_in_gives_fixtures_with_the_options_of_the_mark(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(gs.__file__).parents[1]))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # it may be installed, too
    pytester.makepyfile(
        """
        import pytest
        import gosim as gs
        from gosim import chan, go, recv, select

        async def answer(answers):
            await answers.send("late")

        async def sometimes():
            answers = chan(str)
            go(answer, answers)
            await select(recv(answers), gs.default)

        def test_leaks(never_leaks):
            never_leaks(sometimes)

        @pytest.mark.gosim(max_schedules=1, partly=True)
        def test_too_few(never_deadlocks):
            assert never_deadlocks(sometimes).schedules == 1

        def test_explores(explore):
            assert explore(sometimes).schedules == 2
        """
    )
    found = pytester.runpytest_subprocess("-p", "gosim.pytest_plugin", "-q", "--strict-markers")
    found.assert_outcomes(passed=2, failed=1)
    found.stdout.fnmatch_lines(["*leaks in 1 of 2 schedules*", "*replay='g1.*"])
