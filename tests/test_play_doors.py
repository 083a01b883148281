"""The game as a person meets it: a terminal, a page, a notebook, and what a token is good for."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import gosim as gs
from gosim.cli import main
from gosim.explore.atlas import TooLarge, atlas
from gosim.explore.search import Trial
from gosim.levels import find
from gosim.runtime.program import Function
from gosim.views.play_page import Sheet, page, surveyed
from tests.browser import Browser, executable

ROOT = Path(__file__).resolve().parent.parent
FORKS = ROOT / "assignments" / "refute-the-pause" / "starter.go"
TOKEN = re.compile(r"g1\.explore\.[\w-]+\.[0-9a-f]{4}")

#: What leads to the deadlock of two-forks, as it is told.
WAY = ("main/1 locks Table.left", "main/2 wakes up", "main/2 locks Table.right")


def level(name: str) -> Any:
    found = find(name)
    assert found is not None
    return found


# -- the terminal --------------------------------------------------------------------------------


class Terminal:
    """A program behind a pseudo-terminal."""

    def __init__(self, *arguments: str) -> None:
        self.master, slave = pty.openpty()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"}
        environment.pop("NO_COLOR", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gosim", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: _control(slave),
        )
        os.close(slave)
        self.screen = ""

    def until(self, text: str, seconds: float = 60.0) -> str:
        """Read until a text comes; return what came since the last call."""
        end = time.monotonic() + seconds
        while text not in self.screen:
            ready, _, _ = select.select([self.master], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"{text!r} did not come; there is:\n{self.screen}"
            try:
                data = os.read(self.master, 1 << 16)
            except OSError:
                data = b""
            assert data, f"{text!r} did not come before the end; there is:\n{self.screen}"
            self.screen += re.sub(r"\x1b\[[0-9;]*m", "", data.decode()).replace("\r", "")
        at = self.screen.index(text) + len(text)
        came, self.screen = self.screen[:at], self.screen[at:]
        return came

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def end(self) -> int:
        """Wait for the end; return the exit code."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            ready, _, _ = select.select([self.master], [], [], 0.2)
            if ready:
                try:
                    data = os.read(self.master, 1 << 16)
                except OSError:
                    break
                if not data:
                    break
                self.screen += data.decode().replace("\r", "")
        return self.process.wait(timeout=30)


def _control(slave: int) -> None:
    import fcntl
    import termios

    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)


@contextmanager
def terminal(*arguments: str) -> Iterator[Terminal]:
    made = Terminal(*arguments)
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.process.kill()
            made.process.wait()
        os.close(made.master)


def number_of(screen: str, text: str) -> str:
    """The number of the choice that says something."""
    found = re.search(
        rf"^ +(\d+)  {re.escape(text)}", screen.rpartition("What comes next?")[2], re.M
    )
    assert found is not None, f"{text!r} is no choice of:\n{screen}"
    return found[1]


PROMPT = "? help > "


def test_the_terminal_is_driven_to_a_win() -> None:
    with terminal("play", "two-forks") as screen:
        seen = screen.until(PROMPT)
        assert "Goal: Make it deadlock" in seen
        for text in WAY:
            screen.type(f"{number_of(seen, text)}\n")
            seen = screen.until(PROMPT)
        assert "You have reached the goal." in seen
        assert "a circle: main/1 → Table.right → main/2 → Table.left → main/1" in seen
        token = TOKEN.search(seen)
        assert token is not None
        assert gs.run(str(FORKS), replay=token[0]).outcome == "deadlock"
        screen.type("u\n")
        assert "What comes next?" in screen.until(PROMPT)
        screen.type("q\n")
        assert screen.end() == 0


def test_wrong_input_says_how_to_go_on_and_loses_nothing() -> None:
    with terminal("play", "late-answer") as screen:
        screen.until(PROMPT)
        for typed, answer in (
            ("hello", "'hello' is no command: type 1 to 2"),
            ("", "nothing: type 1 to 2"),
            ("7", "there is no choice 7: type 1 to 2"),
            ("u", "nothing has been decided yet"),
            ("u 99", "step 99"),
            ("é§", "is no command"),
            ("?", "the replay token so far"),
            ("h", "hint 1 of 2"),
            ("h", "hint 2 of 2"),
        ):
            screen.type(f"{typed}\n")
            assert answer in screen.until(PROMPT), typed
        screen.type("2\n")
        screen.until(PROMPT)
        screen.type("\x03")  # Ctrl-C
        seen = screen.until("goes on from here")
        token = TOKEN.search(seen)
        assert token is not None
        assert screen.end() == 0
        assert "Traceback" not in seen + screen.screen
    with terminal("play", "late-answer", "--from", token[0]) as screen:
        assert "step 4" in screen.until(PROMPT)
        screen.type("\x04")  # end of input
        assert token[0] in screen.until("goes on from here")
        assert screen.end() == 0


def test_what_if_leaves_a_recorded_run_and_compares(capsys: pytest.CaptureFixture[str]) -> None:
    token = level("two-forks").record.token
    assert main(["play", "two-forks", "--from", token, "--at", "4", "--take", "d,r", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "gosim.play/1"
    assert told["what_if"]["rows"][0] == ["outcome", "deadlock", "ok"]
    assert told["what_if"]["step"] >= 4
    assert told["what_if"]["recorded"] != told["what_if"]["yours"]


def test_the_list_and_its_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play"]) == 0
    shown = capsys.readouterr().out
    assert main(["play", "--list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["levels"]
    assert [each["number"] for each in told] == list(range(1, len(told) + 1))
    assert all(each["name"] in shown for each in told)
    assert all(1 <= each["stars"] <= 5 for each in told)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nobody"], "nobody"),
        (["99"], "there is no level 99: they go from 1 to "),
        (["two-forks", "--goal", "leak"], "is a level"),
        (["two-forks", "--timers", "late"], "is a level"),
        (["two-forks", "--at", "3"], "--from TOKEN"),
        (["two-forks", "--from", "g1.go.0.7df5"], "token"),
        (["two-forks", "--from", "rubbish"], "rubbish"),
        (["two-forks", "--take", "9"], "choice 9"),
        (["two-forks", "--take", "a"], "--take"),
        (["late-answer", "--html", "nowhere/x.html"], "there is no folder"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_bad_arguments_get_one_sentence(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["play", *arguments]) == 2
    said = capsys.readouterr()
    assert message in said.err and said.err.count("\n") == 1 and not said.out


def test_a_run_can_be_scheduled_by_hand() -> None:
    command = [sys.executable, "-m", "gosim", "run", str(FORKS), "--policy", "human", "--json"]
    done = subprocess.run(
        command,
        input="d\n2\n2\n",
        text=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["outcome"] == "deadlock"


# -- a token won in play is an answer --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("two-forks", 'schedule = "{token}"\nflaw = "time is no order"\nsource = "go"\n'),
        (
            "late-answer",
            'leaking = "{token}"\nfine = "{other}"\nculprit = "remote"\nsource = "go"\n',
        ),
    ],
)
def test_a_token_won_in_play_is_the_answer_of_an_assignment(
    name: str, answers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = level(name)
    places = atlas(found.trial())
    tokens = {
        place.position.ending.outcome: place.token
        for _, place in places.ends()
        if place.position.ending is not None
    }
    file = tmp_path / "answers.toml"
    file.write_text(answers.format(token=tokens[found.goal], other=tokens["ok"]), encoding="utf-8")
    assignment = found.program.partition(":")[2]
    code = main(["check", str(file), "--assignment", assignment, "--sandbox", "limits"])
    assert code == 0, capsys.readouterr().out


# -- all positions ---------------------------------------------------------------------------------

SMALL = ("two-forks", "late-answer", "one-way-out", "closed-range", "bell-in-time")


@pytest.mark.parametrize("name", SMALL)
def test_the_ends_of_all_games_are_the_schedules_of_the_exploration(name: str) -> None:
    found, known = atlas(level(name).trial()), level(name).record
    assert sum(found.outcomes.values()) == known.schedules
    assert found.outcomes.get(level(name).goal, 0) == known.reaching
    assert (found.way(level(name).goal) is None) == known.cannot


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ("good-transfers", "same-order", "token-kept", "buffer-of-one", "cancelled-losers")
)
def test_the_ends_of_larger_games_are_the_schedules_too(name: str) -> None:
    test_the_ends_of_all_games_are_the_schedules_of_the_exploration(name)


def test_every_position_is_what_its_token_leads_to() -> None:
    from gosim.explore.game import steps_of, take

    trial = level("late-answer").trial()
    for key, place in atlas(trial).places.items():
        steps = steps_of(trial, place.token)
        assert steps == place.position.taken
        again = take(trial, steps).positions[-1]
        assert (again.state, again.output) == (key, place.position.output)
        assert again.goroutines == place.position.goroutines


def test_what_is_too_large_for_a_page_says_what_to_do() -> None:
    with pytest.raises(TooLarge):
        atlas(level("late-answer").trial(), most=5)
    with pytest.raises(gs.UsageError, match=r"more than 5 positions.*terminal.*-p n=2"):
        surveyed(level("late-answer").trial(), most=5)


# -- the page --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = executable()
    if chromium is None:
        pytest.skip("no Chromium here")
    with Browser(chromium) as made:
        yield made


def press(browser: Browser, text: str) -> None:
    """Click on the choice that says something."""
    number = browser.evaluate(
        "[...document.querySelectorAll('.choices button')]"
        f".findIndex(b=>b.textContent.includes({json.dumps(text)}))"
    )
    assert number >= 0, f"{text!r} is no choice"
    browser.click(".choices button", number)


def place(browser: Browser) -> Any:
    return browser.evaluate(
        "(()=>{const r=document.querySelector('.gosim-play');return [r.dataset.place,"
        "r.dataset.state,document.querySelector('.map').innerHTML,"
        "document.querySelector('.src').innerHTML,document.querySelector('.story').innerText,"
        "document.querySelector('.out').textContent,"
        "document.querySelector('.choices').innerText]})()"
    )


@pytest.mark.parametrize("width", (1280, 390))
def test_the_page_is_driven_to_a_win(browser: Browser, tmp_path: Path, width: int) -> None:
    file = tmp_path / "two.html"
    assert main(["play", "two-forks", "--html", str(file)]) == 0
    browser.open(file, width)
    seen = []
    for text in WAY:
        seen.append(place(browser))
        press(browser, text)
    assert place(browser)[1] == "deadlock"
    token = browser.evaluate("document.querySelector('.end .token').textContent")
    assert gs.run(str(FORKS), replay=token).outcome == "deadlock"
    assert "A circle: main/1 → Table.right → main/2 → Table.left → main/1" in browser.evaluate(
        "document.querySelector('.circle').textContent"
    )
    while seen:  # the way back leads to what was there
        browser.evaluate("document.activeElement.blur()")
        browser.click(".bar button", 0)
        browser.evaluate("document.querySelectorAll('.hot').forEach(e=>e.classList.remove('hot'))")
        assert _still(place(browser)) == _still(seen.pop())
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert not browser.complaints


def _still(seen: Any) -> Any:
    return [re.sub(r' ?\bhot\b| class=""|<svg.*?</svg>', "", str(each)) for each in seen]


def test_the_page_proves_what_cannot_be_done(browser: Browser, tmp_path: Path) -> None:
    found = level("closed-range")
    sheet = Sheet(found.title, found.text, found.goal, found.target, found.name, True, found.hints)
    file = tmp_path / "range.html"
    file.write_text(page(surveyed(found.trial()), sheet), encoding="utf-8")
    browser.open(file)
    browser.key("x")
    assert browser.evaluate("document.querySelector('.gosim-play').dataset.claim") == "yes"
    assert "All 7 schedules" in browser.evaluate("document.querySelector('.end').textContent")
    lost = level("late-answer")
    file.write_text(page(surveyed(lost.trial()), Sheet("", "", "leak")), encoding="utf-8")
    browser.open(file)
    browser.key("x")
    assert browser.evaluate("document.querySelector('.gosim-play').dataset.claim") == "no"
    while browser.evaluate("document.querySelectorAll('.choices button').length"):
        browser.key("1")
    browser.key("u")
    browser.click(".choices button", 1)
    while browser.evaluate("document.querySelectorAll('.choices button').length"):
        browser.key("1")
    assert "What if" in browser.evaluate("document.querySelector('.pair').textContent")
    assert not browser.complaints


def test_the_page_opens_with_a_recorded_way_to_leave(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "forks.html"
    token = level("two-forks").record.token
    assert main(["play", "two-forks", "--from", token, "--html", str(file)]) == 0
    browser.open(file)
    assert place(browser)[1] == "deadlock"
    browser.key("u", 2)
    while browser.evaluate("document.querySelectorAll('.choices button').length"):
        browser.key("1")
    told = browser.evaluate("document.querySelector('.pair').innerText")
    assert "recorded" in told and "deadlock" in told and "ok" in told
    assert not browser.complaints


# -- a notebook ------------------------------------------------------------------------------------


async def _ask(i: int, answers: Any) -> None:
    await answers.send(i)


async def first_answer() -> None:
    """Take the first of two answers."""
    answers = gs.chan(int)
    gs.go(_ask, 1, answers)
    gs.go(_ask, 2, answers)
    await answers.recv()


def test_a_notebook_shows_the_page_and_plays_with_methods() -> None:
    game = gs.play(first_answer, goal="leak")
    shown = game._repr_mimebundle_()
    assert "<iframe srcdoc=" in shown["text/html"]
    assert "What comes next?" in shown["text/plain"]
    before = repr(game)
    assert game.choose(2).won and game.outcome == "leak"
    assert gs.run(first_answer, replay=game.token).outcome == "leak"
    assert repr(game.undo()) == before
    assert "<iframe" not in game.choose(1)._repr_mimebundle_()["text/html"]
    assert gs.play(first_answer, start=game.token, at=1).game.taken == game.game.taken[:1]


def test_ways_are_named_alike_behind_every_door() -> None:
    trial = Trial(Function(first_answer, ()))
    ends = {place.token for _, place in atlas(trial).ends()}
    for token in ends:
        assert gs.run(first_answer, replay=token).outcome == "leak"
    assert len(ends) == gs.explore(first_answer).schedules
