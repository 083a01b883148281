"""Sequence diagrams tell what was recorded, in Mermaid's grammar, where they can be read."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gosim.cli import main as gosim
from gosim.export.mermaid import MOST_GOROUTINES, MOST_STEPS, _text, sequence
from gosim.leaks.run import Run, execute
from gosim.runtime.errors import UsageError
from gosim.runtime.program import File
from gosim.scenario import find

SCENARIOS = (
    "first-answer-wins",
    "ab-ba-deadlock",
    "all-asleep",
    "ten-senders-buffer-of-four",
    "waitgroup-without-done",
    "cond-signal-missed",
    "ticker-range-after-stop",
    "worker-pool-not-closed",
    "two-kinds",
    "forgotten-cancel",
)

# The statements that are used, as Mermaid's own lexer splits them (sequenceDiagram.jison): a text
# goes to the end of the line and holds no `#` but that of a code, and no `;`.
TEXT = r"(?:[^#;\n]|#\w+;)+"
PARTICIPANT = re.compile(rf"  participant (\w+) as {TEXT}")
ARROW = re.compile(rf"  (\w+)(->>|-->>|-\))(\w+): ({TEXT})")
NOTE = re.compile(rf"  Note over (\w+): ({TEXT})")


@cache
def run_of(name: str, fixed: bool = False) -> Run:
    scenario = find(name)
    variant = scenario.fixed if fixed else scenario.first
    return execute(File(str(variant.file())), record=True)


def parse(diagram: str) -> tuple[list[str], list[tuple[str, str, str, str]], list[tuple[str, str]]]:
    """Return participants, arrows and notes; every line has to be a statement."""
    lines = diagram.split("\n")
    assert lines[0] == "sequenceDiagram" and lines[-1] == ""
    participants: list[str] = []
    arrows: list[tuple[str, str, str, str]] = []
    notes: list[tuple[str, str]] = []
    for line in lines[1:-1]:
        if re.fullmatch(rf"  title {TEXT}", line):
            assert not participants
        elif found := PARTICIPANT.fullmatch(line):
            assert not arrows and not notes and found[1] not in participants
            participants.append(found[1])
        elif found := ARROW.fullmatch(line):
            arrows.append((found[1], found[2], found[3], found[4]))
        else:
            found = NOTE.fullmatch(line)
            assert found is not None, line
            notes.append((found[1], found[2]))
    # Mermaid would add who is not declared, at the end and under its number.
    assert {who for a, _, b, _ in arrows for who in (a, b)} <= set(participants)
    assert {who for who, _ in notes} <= set(participants)
    return participants, arrows, notes


@pytest.mark.parametrize("fixed", [False, True], ids=["first", "fixed"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_diagram_has_every_goroutine_value_and_close_of_the_recording(
    name: str, fixed: bool
) -> None:
    run = run_of(name, fixed)
    recording = run.recording()
    participants, arrows, notes = parse(sequence(run, "a title"))
    assert [p for p in participants if p != "clock"] == [f"g{id}" for id in recording.goroutines]

    kinds = Counter(event.kind for event in recording.events)
    solid = [arrow for arrow in arrows if arrow[1] == "->>"]
    assert len(solid) == kinds["send"] + kinds["recv"]
    closes = [e for e in recording.events if e.kind == "close"]
    assert sum(kind == "-)" for _, kind, _, _ in arrows) == sum(
        max(1, len(e.others)) for e in closes
    )
    started = [b for _, _, b, text in arrows if text == "go"]
    assert started == [f"g{id}" for id in recording.goroutines if id != 1]

    # Whoever wakes a goroutine has an arrow to it.
    woken = Counter(
        e.other for e in recording.events if e.kind == "ready" and e.other and (e.g or e.at)
    )
    into = Counter(b for a, _, b, _ in arrows if a != b) + Counter(
        a for a, kind, b, text in arrows if kind == "->>" and a != b and "←" in text
    )
    for id, times in woken.items():
        assert into[f"g{id}"] >= min(times, 1)

    stuck = {f"g{g.id}" for g in run.goroutines if g.leak in ("permanent", "unproven")}
    assert {who for who, text in notes if text.startswith("blocked")} == stuck


def test_what_happens_is_told_in_its_order(tmp_path: Path) -> None:
    program = tmp_path / "p.py"
    program.write_text(
        dedent("""\
        from gosim import chan, go, sync, time
        async def worker(mu, out, quit):
            await mu.lock()
            await out.send("a; b # c")
            await quit.recv()
            await chan(int).recv()
        async def main():
            mu, out, quit, box = sync.Mutex(), chan(str), chan(int), chan(int, 1)
            await mu.lock()
            go(worker, mu, out, quit)
            await time.sleep(time.Millisecond)
            await mu.unlock()
            await out.recv()
            await box.send(3)
            await box.recv()
            await time.sleep(time.Millisecond)
            await quit.close()
        """)
    )
    run = execute(File(str(program)))
    _, arrows, notes = parse(sequence(run))
    assert arrows == [
        ("g1", "-->>", "g7", "go"),
        ("clock", "-->>", "g1", "end of its sleep, at 1ms"),
        ("g1", "-->>", "g7", "ends its wait for mu"),
        ("g7", "->>", "g1", 'out ← "a#59; b #35; c"'),
        ("g1", "->>", "g1", "box ← 3 (into the buffer)"),
        ("g1", "->>", "g1", "3 ← box (out of the buffer)"),
        ("clock", "-->>", "g1", "end of its sleep, at 2ms"),
        ("g1", "-)", "g7", "close(quit)"),
    ]
    assert [who for who, _ in notes] == ["g1", "g7"]
    assert notes[1][1] == "blocked for ever<br/>chan receive, p.py:6"


@given(st.text())
def test_every_text_can_stand_in_a_diagram(text: str) -> None:
    escaped = _text(text)
    assert re.fullmatch(rf"(?:{TEXT})?", escaped)
    assert not set("<>&%") & set(escaped.replace("#lt;", ""))
    codes = {"lt": "<", "gt": ">", "amp": "&", "35": "#", "59": ";", "37": "%"}
    back = re.sub(r"#(\w+);", lambda m: codes[m[1]], escaped)
    assert back == "".join(c if c.isprintable() else " " for c in text)


def program_of(goroutines: int, sends: int, folder: Path) -> File:
    file = folder / "p.py"
    file.write_text(
        dedent(f"""\
        from gosim import chan, go
        async def worker(c):
            for i in range({sends}):
                await c.send(i)
        async def main():
            c = chan(int)
            for _ in range({goroutines}):
                go(worker, c)
            for _ in range({goroutines * sends}):
                await c.recv()
        """)
    )
    return File(str(file))


def test_a_wall_of_goroutines_is_refused_in_one_sentence(tmp_path: Path) -> None:
    sequence(execute(program_of(MOST_GOROUTINES - 1, 1, tmp_path)))
    with pytest.raises(UsageError, match=r"of 21 goroutines cannot be read; .*") as error:
        sequence(execute(program_of(MOST_GOROUTINES, 1, tmp_path)))
    assert "\n" not in str(error.value)


def test_a_wall_of_steps_is_refused_in_one_sentence(tmp_path: Path) -> None:
    # One arrow for the go statement, one note that main has returned.
    diagram = sequence(execute(program_of(1, MOST_STEPS - 2, tmp_path)))
    _, arrows, notes = parse(diagram)
    assert len(arrows) + len(notes) == MOST_STEPS
    with pytest.raises(UsageError, match="of 201 steps cannot be read"):
        sequence(execute(program_of(1, MOST_STEPS - 1, tmp_path)))


def test_the_diagram_is_the_same_every_time() -> None:
    for name in SCENARIOS[:4]:
        again = execute(File(str(find(name).first.file())))
        assert sequence(again) == sequence(run_of(name))


def test_the_command_line_writes_a_diagram_beside_profiles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, profile = tmp_path / "t.mmd", tmp_path / "b.pb.gz"
    words = ["run", "first-answer-wins", "--trace", str(file)]
    assert gosim(words) == 0
    alone = file.read_text()
    assert alone.splitlines()[:2] == [
        "sequenceDiagram",
        "  title first-answer-wins: 2 goroutines are stuck for good",
    ]
    assert gosim([*words, "--pprof", f"block={profile}"]) == 0
    assert file.read_text() == alone and profile.exists()
    capsys.readouterr()
    assert gosim(["run", "cost-of-a-goroutine", "--trace", str(file)]) == 2
    assert "sequence diagram of 101 goroutines cannot be read" in capsys.readouterr().err
