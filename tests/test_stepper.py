"""The stepper: its HTML, driven in a headless Chromium, and its keys in the terminal."""

from __future__ import annotations

import html
import io
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import gosim as gs
from gosim import chan, go
from gosim.cli import main as gosim
from gosim.cli.step import Walker, walk
from gosim.runtime.errors import GosimError
from gosim.scenario import find
from gosim.views import palette, stepper
from gosim.views.stepper import encode
from gosim.views.steps import Steps, steps
from tests.browser import Browser, executable

ROOT = Path(__file__).parent.parent
NAMES = (
    "first-answer-wins",
    "ab-ba-deadlock",
    "ten-senders-buffer-of-four",
    "waitgroup-without-done",
    "time-after-in-a-loop",
    "subslice-keeps-array",
)
NASTY = (
    "</script><script>bad()</script><!--<img src=x onerror=bad()>&amp;'\"\\ \x00\x1b[1m"
    " ü 汉 \u2028 é"
)


@cache
def scenario(name: str) -> Steps:
    run = gs.run(str(find(name).first.file("python")))
    return steps(run, name)


async def nasty() -> None:
    ch = chan(str, 2)

    async def worker() -> None:
        await ch.send("third")

    await ch.send("<b>&</b>")
    await ch.send("</script>")
    go(worker)
    print(NASTY)
    await gs.time.sleep(1)


def page(*fragments: str) -> str:
    return (
        '<!doctype html><meta charset="utf-8"><title>t</title>'
        '<meta name="viewport" content="width=device-width"><body>' + "".join(fragments)
    )


# -- without a browser -----------------------------------------------------------------------------


def decode(data: dict[str, Any]) -> list[dict[int, str]]:
    """Read the changes as the script does."""
    frames = []
    for frame in data["F"]:
        changes, rest = {}, iter(frame)
        for slot in rest:
            first, *parts = data["T"][next(rest)]
            changes[slot] = first + "".join(f"{next(rest)}{part}" for part in parts)
        frames.append(changes)
    return frames


@pytest.mark.parametrize("name", NAMES)
def test_what_is_encoded_is_what_changes(name: str) -> None:
    numbers: dict[str, int] = {}
    made = scenario(name)
    data = json.loads(encode(made, lambda slot: numbers.setdefault(slot, len(numbers))))
    slots = list(numbers)
    decoded = [{slots[n]: value for n, value in frame.items()} for frame in decode(data)]
    assert decoded == [step.changes for step in made.steps]
    assert data["out"] == made.output


def test_numbers_in_texts_come_back_as_they_were() -> None:
    made = gs.run(nasty).stepper()
    for text in ("007", "0", "1.50", "", "12345678901234567890", "-3", "a1b02c", "٣", "#1", "1e9"):
        made.steps[0].changes["x"] = text
        made.steps[1:] = []
        data = json.loads(encode(made, lambda slot: int(slot == "x")))
        assert decode(data)[0][1] == text


class Reader(HTMLParser):
    """Collects elements and the text outside scripts and styles."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("path", "col", "input", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("script", "style"):
            self.texts.append(data)


@pytest.mark.parametrize("name", NAMES)
def test_the_fragment_needs_nothing_and_names_nothing(name: str) -> None:
    text = scenario(name).to_html()
    reader = Reader(text)
    assert not reader.open
    for tag, attributes in reader.elements:
        assert "id" not in attributes and "src" not in attributes and "href" not in attributes
        assert tag not in ("link", "iframe", "img", "object")
        assert not any(name.startswith("on") for name in attributes)
    assert not re.search(r"https?:|url\(|@import|fetch\(|XMLHttp|localStorage", text)
    assert len(text.encode()) < 200_000
    shown = "".join(reader.texts)
    assert "The process starts; main is G1 (main.main)." in shown
    assert "virtual time" in shown and "async def main():" in shown


def test_without_a_script_the_sentences_are_a_list() -> None:
    made = scenario("first-answer-wins")
    texts = re.findall(r"<li [^>]*>(.*?)</li>", made.to_html())
    assert [html.unescape(text) for text in texts] == [step.text for step in made.steps]


def test_what_the_program_says_stays_text() -> None:
    text = gs.run(nasty).stepper().to_html()
    reader = Reader(text)
    assert [tag for tag, _ in reader.elements].count("script") == 2
    assert "img" not in [tag for tag, _ in reader.elements]
    data = json.loads(re.findall(r'<script type="application/json">(.*?)</script>', text)[0])
    assert data["out"] == NASTY + "\n"


def test_the_same_run_makes_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import gosim as gs, sys, hashlib\n"
        "for name in sys.argv[1:]:\n"
        "    text = gs.run(name).stepper('t').to_html()\n"
        "    print(hashlib.sha256(text.encode()).hexdigest())\n"
    )
    files = [str(find(name).first.file("python")) for name in (*NAMES[:4], "growing-service")]
    told = {
        subprocess.run(
            [sys.executable, "-c", code, *files], check=True, capture_output=True, text=True,
            cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("0", "1", "77")
    }  # fmt: skip
    assert len(told) == 1 and len(told.pop().split()) == len(files)


def test_no_picture_library_is_needed() -> None:
    code = (
        "import gosim as gs, sys\n"
        "gs.run(sys.argv[1]).stepper().to_html()\n"
        "print([m for m in ('networkx', 'matplotlib', 'rich', 'numpy') if m in sys.modules])\n"
    )
    file = str(find("first-answer-wins").first.file("python"))
    done = subprocess.run(
        [sys.executable, "-c", code, file], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_a_run_of_many_bytes_is_cut_until_it_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepper, "MOST_BYTES", 9_000)
    made = scenario("time-after-in-a-loop")
    count = len(made)
    text = made.to_html()
    data = re.findall(r'<script type="application/json">(.*?)</script>', text)[0]
    assert len(data) <= 9_000 and len(made) == count
    frames = decode(json.loads(data))
    assert 20 < len(frames) < count
    told = re.search(r'<p class="note">Of (\d+) steps the first (\d+) and the last (\d+)', text)
    assert told is not None and int(told[2]) + int(told[3]) == len(frames)


def test_every_state_has_a_colour_that_its_text_can_be_read_on() -> None:
    style = stepper._style()
    for dark, part in enumerate(style.split("@media screen")[:2]):
        for letter, state in stepper._STATES.items():
            ground = re.search(rf"--{letter}:(#\w+)", part)
            ink = re.search(rf"--{letter}i:(#\w+)", part)
            assert ground is not None and ink is not None
            assert ground[1] == palette.value(palette.STATES[state].color, bool(dark))
            assert palette.contrast(ground[1], ink[1]) >= 4.5


# -- in a browser ----------------------------------------------------------------------------------

STATE = """(which => {
  const e = document.querySelectorAll('.gosim-stepper')[which].cloneNode(true);
  e.querySelectorAll('.bar, script, style').forEach(x => x.remove());
  e.removeAttribute('data-on');
  return e.outerHTML.replace(/ class=""/g, '');
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = executable()
    if found is None:
        pytest.skip("no chromium: apt-get install chromium")
    with Browser(found) as opened:
        yield opened


def opened(browser: Browser, folder: Path, *made: Steps, **how: Any) -> int:
    """Open a page with steppers; return how many steps the first has."""
    file = folder / "page.html"
    file.write_text(page(*[each.to_html() for each in made]), encoding="utf-8")
    browser.open(file, **how)
    return len(made[0])


def said(browser: Browser, which: int = 0) -> str:
    return str(browser.evaluate(f"document.querySelectorAll('.say')[{which}].textContent"))


def focus(browser: Browser, which: int = 0) -> None:
    browser.evaluate(f"document.querySelectorAll('.gosim-stepper')[{which}].focus()")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", NAMES)
def test_to_the_end_and_back(browser: Browser, tmp_path: Path, name: str, width: int) -> None:
    made = scenario(name)
    count = opened(browser, tmp_path, made, width=width)
    first = browser.evaluate(f"{STATE}(0)")
    focus(browser)
    browser.key("End")
    assert said(browser) == made.steps[-1].text
    last = browser.evaluate(f"{STATE}(0)")
    browser.key("Home")
    assert browser.evaluate(f"{STATE}(0)") == first
    # Step by step, by click and by key, comes to the same.
    for n in range(1, min(count, 12)):
        if n % 2:
            browser.click(".bar button", 2)
        else:
            browser.key("ArrowRight")
        assert said(browser) == made.steps[n].text
    for _ in range(1, min(count, 12)):
        browser.click(".bar button", 1)
    assert browser.evaluate(f"{STATE}(0)") == first
    browser.evaluate(
        "(() => {const s = document.querySelector('.bar input');"
        "s.value = s.max; s.dispatchEvent(new Event('input'))})()"
    )
    assert browser.evaluate(f"{STATE}(0)") == last
    assert browser.complaints == []
    # Nothing is wider than the page.
    assert browser.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", NAMES[:4])
def test_the_script_makes_what_python_made(browser: Browser, tmp_path: Path, name: str) -> None:
    """The first step as written, and as the script writes it when it comes back to it."""
    opened(browser, tmp_path, scenario(name), script=False)
    written = browser.call("DOM.getDocument", depth=0)["root"]["nodeId"]
    node = browser.call("DOM.querySelector", nodeId=written, selector=".gosim-stepper")["nodeId"]
    source = browser.call("DOM.getOuterHTML", nodeId=node)["outerHTML"]
    opened(browser, tmp_path, scenario(name))
    browser.key("End")
    focus(browser)
    browser.key("End")
    browser.key("Home")
    holder = (
        f"(() => {{const d = document.createElement('div'); d.innerHTML = {json.dumps(source)};"
    )
    normal = STATE.replace("document.querySelectorAll('.gosim-stepper')[which]", "d.firstChild")
    assert browser.evaluate(f"{holder} return {normal}(0)}})()") == browser.evaluate(f"{STATE}(0)")


def test_every_step_shows_its_slots(browser: Browser, tmp_path: Path) -> None:
    made = scenario("ten-senders-buffer-of-four")
    count = opened(browser, tmp_path, made)
    focus(browser)
    for n in range(1, count):
        browser.key(" ")
        slots = made.at(n)
        shown = browser.evaluate(
            "(() => {const t = s => [...document.querySelectorAll(s)].map(e => e.textContent);"
            "return {run: t('tr.run .chip')[0] || '', printed: t('.printed pre')[0],"
            "cells: t('.card .cell'), edges: t('g.e.w').length - t('.legend g.e.w').length,"
            "on: t('tr.on td:first-child')}})()"
        )
        assert shown["run"] == slots.get("run", "")[1:]
        assert shown["printed"] == made.output[: int(slots.get("out", "") or 0)]
        buffer = slots.get("t1.buffer", "").split("\x1f") if "t1.buffer" in slots else []
        assert shown["cells"] == ["" if c == "\x1e" else c for c in buffer]
        assert shown["edges"] == sum(v == "w" for s, v in slots.items() if ">" in s)
        lit = [made.rows[int(s[5:])].number for s, v in slots.items() if s[:5] == "line " and v]
        assert sorted(map(int, shown["on"])) == sorted(lit)
    assert browser.complaints == []


def test_two_on_one_page_do_not_disturb_each_other(browser: Browser, tmp_path: Path) -> None:
    one, two = scenario("first-answer-wins"), scenario("ab-ba-deadlock")
    opened(browser, tmp_path, one, two)
    focus(browser, 1)
    browser.key("ArrowRight", 3)
    assert (said(browser, 0), said(browser, 1)) == (one.steps[0].text, two.steps[3].text)
    focus(browser, 0)
    browser.key("End")
    assert (said(browser, 0), said(browser, 1)) == (one.steps[-1].text, two.steps[3].text)
    assert browser.evaluate("document.querySelectorAll('.bar').length") == 2
    assert browser.complaints == []


def test_jumps_go_to_the_next_step_of_a_goroutine(browser: Browser, tmp_path: Path) -> None:
    made = scenario("ten-senders-buffer-of-four")
    opened(browser, tmp_path, made)
    found = made.next_of(12, 0)
    assert found is not None
    browser.click('.card[data-g="12"]')
    assert said(browser) == made.steps[found].text
    focus(browser)
    browser.key("n")
    then = made.next_of(12, found)
    assert then is not None and said(browser) == made.steps[then].text
    browser.evaluate("document.querySelector('details').open = true")
    browser.click("li[data-i]", 5)
    assert said(browser) == made.steps[5].text


def test_playing_goes_on_by_itself_and_stops_at_a_key(browser: Browser, tmp_path: Path) -> None:
    made = scenario("first-answer-wins")
    opened(browser, tmp_path, made)
    focus(browser)
    browser.key("p")
    end = time.monotonic() + 20
    while said(browser) != made.steps[2].text and time.monotonic() < end:
        time.sleep(0.1)
    browser.key("p")
    here = said(browser)
    assert here in (made.steps[2].text, made.steps[3].text)
    time.sleep(1.2)
    assert said(browser) == here


def test_nasty_text_is_only_text(browser: Browser, tmp_path: Path) -> None:
    made = steps(gs.run(nasty), NASTY)
    opened(browser, tmp_path, made)
    browser.evaluate("globalThis.bad = () => {globalThis.was = true}")
    focus(browser)
    browser.key("End")
    shown = browser.evaluate("document.querySelector('.printed pre').textContent")
    assert shown == NASTY.replace("\x00", "␀").replace("\x1b", "␛") + "\n"
    assert browser.evaluate("globalThis.was || document.images.length") == 0
    assert browser.complaints == []


def test_without_script_the_first_step_can_be_read(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, scenario("first-answer-wins"), script=False)
    root = browser.call("DOM.getDocument", depth=0)["root"]["nodeId"]
    text = browser.call("DOM.getOuterHTML", nodeId=root)["outerHTML"]
    assert "The process starts" in text and "<button" not in text


@pytest.mark.parametrize("dark", [False, True])
def test_it_follows_the_readers_colours(browser: Browser, tmp_path: Path, dark: bool) -> None:
    opened(browser, tmp_path, scenario("first-answer-wins"), dark=dark)
    ground = browser.evaluate(
        "getComputedStyle(document.querySelector('.gosim-stepper')).backgroundColor"
    )
    paper = palette.value("paper", dark)
    assert ground == f"rgb({', '.join(str(int(paper[i : i + 2], 16)) for i in (1, 3, 5))})"


@pytest.mark.parametrize("name", NAMES)
def test_no_card_stands_on_another_and_no_word_is_cut(
    browser: Browser, tmp_path: Path, name: str
) -> None:
    opened(browser, tmp_path, scenario(name))
    focus(browser)
    browser.key("End")
    wrong = browser.evaluate(
        """(() => {
        const boxes = [...document.querySelectorAll('.card')].map(e => e.getBoundingClientRect());
        const wrong = [];
        boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => {
          if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
            wrong.push('overlap');
        }));
        document.querySelectorAll('.card > div').forEach(e => {
          if (e.scrollWidth > e.clientWidth + 1) wrong.push('cut: ' + e.textContent);
          if (e.getBoundingClientRect().bottom > e.parentNode.getBoundingClientRect().bottom)
            wrong.push('below: ' + e.textContent);
        });
        return wrong;
        })()"""
    )
    assert wrong == []


# -- in the terminal -------------------------------------------------------------------------------


def walked(made: Steps, commands: str) -> list[str]:
    """Return the pictures that commands, one a line, make."""
    screen = io.StringIO()
    walk(made, io.StringIO(commands), screen)
    return re.split(r"\n(?=\S.*── step )", "\n" + screen.getvalue())[1:]


def places(pictures: list[str]) -> list[int]:
    return [int(n) for n in re.findall(r"── step (\d+) of", "\n".join(pictures))]


def test_commands_move_as_they_say() -> None:
    made = scenario("ten-senders-buffer-of-four")
    assert places(walked(made, "")) == [1]
    commands = ["n", "", " ", "n 5", "b", "b 2", "g 12", "g12", "20", "0", "$", "n", "g 999", "b"]
    expected = [1, 2, 3, 4, 9, 8, 6, 12, 12, 20, 1, 51, 51, 51, 50]
    assert places(walked(made, "\n".join(commands))) == expected
    found = made.next_of(12, 0)
    assert found is not None
    assert places(walked(made, "G12\nG 12\nq\nn\n"))[1] == found + 1
    assert places(walked(made, "q\nn\n")) == [1]
    assert places(walked(made, "p\n")) == list(range(1, 52))


def test_commands_that_go_nowhere_are_answered() -> None:
    made = scenario("first-answer-wins")
    for command, answer in (
        ("xyzzy", "'xyzzy' is no command"),
        ("G", "which goroutine?"),
        ("g", "which step? g 1 to g 28"),
        ("G99", "G99 does nothing more"),
        ("$\nn", "this is the end"),
        ("?", "to the next step of goroutine 7"),
    ):
        last = walked(made, f"{command}\n")[-1]
        assert answer in last


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_shows_what_the_slots_say(name: str) -> None:
    made = scenario(name)
    walker = Walker(made, io.StringIO())
    for number in range(0, len(made), max(1, len(made) // 60)):
        walker.number = number
        picture, slots = walker.view(), made.at(number)
        flat = " ".join(picture.split())
        assert " ".join(slots["say"].split()) in flat
        assert f"step {number + 1} of {len(made)} · {slots['time']}" in picture
        running = slots.get("run", "")[1:] or "–"
        assert f"running    {running}" in picture
        for place in made.goroutines:
            shown = re.search(rf"^  {re.escape(place.title)} .*$", picture, re.MULTILINE)
            assert (shown is not None) == bool(slots.get(place.key))
            if shown is not None:
                assert slots[place.key][2:20] in shown[0]
        assert max(map(len, picture.split("\n"))) <= 100 or "made" in picture


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    made = scenario("first-answer-wins")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\033[" in Walker(made, Screen()).view()
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033[" not in Walker(made, Screen()).view()


def test_the_command_line_walks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\nn\n"))
    assert gosim(["run", "first-answer-wins", "--step"]) == 0
    said = capsys.readouterr()
    assert places([said.out]) == [1, 2, 3] and "leaks" not in said.out
    assert gosim(["run", "first-answer-wins", "--step", "--json"]) == 2
    assert "choose one" in capsys.readouterr().out


class Terminal:
    """A process in a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self.side, other = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gosim", *arguments], stdin=other, stdout=other, stderr=other,
            cwd=ROOT, env={**os.environ, "TERM": "xterm", "NO_COLOR": "1"}, start_new_session=True,
        )  # fmt: skip
        os.close(other)
        self.text = ""

    def read(self, wanted: str, seconds: float = 30) -> str:
        """Wait until the screen shows something."""
        end = time.monotonic() + seconds
        while wanted not in self.text:
            left = end - time.monotonic()
            assert left > 0, f"{wanted!r} did not come: {self.text[-800:]!r}"
            if select.select([self.side], [], [], left)[0]:
                try:
                    self.text += os.read(self.side, 1 << 16).decode()
                except OSError:  # it has gone
                    assert wanted in self.text, self.text[-800:]
        text, self.text = self.text, ""
        return text

    def type(self, keys: str) -> None:
        os.write(self.side, keys.encode())

    def close(self) -> int:
        os.close(self.side)
        return self.process.wait(30)


def test_keys_in_a_terminal() -> None:
    terminal = Terminal("run", "first-answer-wins", "--step")
    terminal.read("step 1 of 28")
    for keys, step in (
        (" ", 2), ("\n", 3), ("n", 4), ("b", 3), ("\x1b[C", 4), ("\x1b[D", 3), ("$", 28),
        ("\x1b[H", 1), ("g12\n", 12), ("0", 1), ("G9\n", 5),
    ):  # fmt: skip
        terminal.type(keys)
        assert "Traceback" not in terminal.read(f"step {step} of 28")
    terminal.type("p")
    terminal.read("step 7 of 28")
    terminal.type("p")
    terminal.read("n forward")
    terminal.type("?")
    terminal.read("to the next step of goroutine 7")
    terminal.type("q")
    assert terminal.process.wait(30) == 0
    terminal.close()


@pytest.mark.parametrize("how", ["ctrl-c", "end of input"])
def test_leaving_quietly(how: str) -> None:
    terminal = Terminal("run", "first-answer-wins", "--step")
    terminal.read("step 1 of 28")
    if how == "ctrl-c":
        os.kill(terminal.process.pid, signal.SIGINT)
    else:
        terminal.type("\x04")
    assert terminal.process.wait(30) == 0
    terminal.read("\n")
    assert "Traceback" not in terminal.text and "gosim:" not in terminal.text
    terminal.close()


def test_a_run_that_cannot_be_done_again_says_so() -> None:
    run = gs.run(nasty, observers=[gs.Observer()])
    with pytest.raises(GosimError, match="record=True"):
        run.stepper()
    assert len(gs.run(nasty, observers=[gs.Observer()], record=True).stepper()) > 5
