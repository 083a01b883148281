"""A position of a game in text: the source and who stands where, who waits for whom, what can come.

The terminal prints it, and so do notebooks that show no page.
"""

from __future__ import annotations

import linecache
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from gosim.explore.position import Position, Standing
from gosim.explore.whatif import Comparison
from gosim.views.text import terminal_width, wrap

__all__ = [
    "ENDINGS",
    "GOALS",
    "board",
    "choices",
    "compared",
    "ending",
    "files_of",
    "told",
]

GOALS: Final = {
    "leak": "Make it leak: a goroutine is left over when main has returned.",
    "deadlock": "Make it deadlock: all goroutines are asleep.",
    "panic": "Make it panic.",
    "fatal": "Make it die of a fatal error.",
    "ok": "Bring it to a good end: nothing is left over, nothing dies.",
}
ENDINGS: Final = {
    "leak": "It leaks",
    "deadlock": "It deadlocks: all goroutines are asleep",
    "panic": "It panics",
    "fatal": "It dies of a fatal error",
    "exit": "It exits",
    "ok": "It ends well: main has returned, and nobody is left for good",
    "limit": "It goes round for ever, or longer than anybody looks",
}
MARKS: Final = {"ready": "▶", "waits": "■", "sleeps": "z"}
_INK: Final = {"ready": "36", "waits": "33", "sleeps": "2"}
_MOST_ROWS: Final = 18
_MOST_TOLD: Final = 30

Ink = Callable[[str, str], str]


def _plain(ink: str, text: str) -> str:
    return text


def files_of(position: Position) -> list[str]:
    """Return the files in which goroutines stand, main's first."""
    return list(dict.fromkeys(g.file for g in position.goroutines if g.file))


def board(
    position: Position,
    ink: Ink = _plain,
    width: int = 0,
    texts: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Return the source with who stands where, the goroutines, the things, and the output.

    `texts` has the lines of files whose text is not the one on disk.
    """
    width = width or terminal_width()
    lines: list[str] = []
    for file in files_of(position):
        text = (texts or {}).get(file) or linecache.getlines(file)
        lines += [*_source(position, file, text, ink, width), ""]
    lines += _goroutines(position, ink, width)
    lines += _things(position, ink, width)
    circle = position.circle()
    if circle:
        names = {thing.key: thing.name for thing in position.things}
        ring = " → ".join(names.get(node, node) for node in (*circle, circle[0]))
        lines.append(ink("1;31", wrap(f"a circle: {ring}", "  ", width, "    ")))
    printed = position.output.splitlines()[-4:]
    if printed:
        lines += ["", *[ink("2", "prints ") + " " + line[: width - 10] for line in printed]]
    if position.returned and not position.over:
        text = (
            "Main has returned: the process would be over. You go on without it, as a server "
            "would, to see who is left."
        )
        lines += ["", ink("35", wrap(text, "", width))]
    return "\n".join(lines)


def _source(
    position: Position, file: str, lines: Sequence[str], ink: Ink, width: int
) -> Iterator[str]:
    here: dict[int, list[Standing]] = {}
    for g in position.goroutines:
        if g.file == file:
            here.setdefault(g.line, []).append(g)
    text = [line.rstrip("\n").expandtabs(4) for line in lines]
    if not text:
        return
    yield ink("2", f"── {os.path.basename(file)} ")
    shown: set[int] = set()
    for at in here:
        near = {n for n in (at - 2, at - 1, at, at + 1) if 1 <= n <= len(text)}
        if len(shown | near) <= _MOST_ROWS:
            shown |= near
        else:
            shown.add(at)
    marks = {
        at: " ".join(f"{MARKS[g.state]} {g.name}" for g in standing)
        for at, standing in here.items()
    }
    wide = min(max((len(mark) for mark in marks.values()), default=0), 34)
    before = 0
    for at in sorted(shown):
        if before and at != before + 1:
            yield ink("2", f"{'…':>{wide + 5}}")
        before = at
        code = text[at - 1] if at <= len(text) else ""
        code = code[: max(20, width - wide - 8)]
        mark = marks.get(at, "")
        if len(mark) > wide:
            mark = f"{mark[: wide - 1]}…"
        state = here[at][0].state if at in here else ""
        pad = " " * (wide - len(mark))
        body = ink("1", code) if at in here else ink("2", code)
        yield f"{ink(_INK[state], mark) if mark else ''}{pad} {at:>4}  {body}".rstrip()


def _goroutines(position: Position, ink: Ink, width: int) -> Iterator[str]:
    rows = position.goroutines
    wide = max((len(f"{g.name} {g.function}") for g in rows), default=0)
    held = {hold.who: [] for thing in position.things for hold in thing.holders}  # type: ignore[var-annotated]
    for thing in position.things:
        for hold in thing.holders:
            held[hold.who].append(thing.name)
    for g in rows:
        name = f"{g.name} {g.function}"
        verb = {"ready": "can", "waits": "waits to", "sleeps": "sleeps, then can"}[g.state]
        words = f"{verb} {g.words}"
        if g.name in held:
            words += f"; holds {', '.join(dict.fromkeys(held[g.name]))}"
        line = _hung(f"{MARKS[g.state]} {name:{wide}}  ", words, width)
        yield ink(_INK[g.state], line)


def _things(position: Position, ink: Ink, width: int) -> Iterator[str]:
    wide = max((len(thing.name) for thing in position.things), default=0)
    for thing in position.things:
        waiting = [
            f"{g.name} ({op})"
            for g in position.goroutines
            if g.state != "ready"
            for key, op in g.on
            if key == thing.key
        ]
        words = [thing.words] if thing.words and not thing.holders else []
        words += [f"{hold.role}: {hold.who}" for hold in thing.holders]
        if waiting:
            words.append(f"waiting: {', '.join(waiting)}")
        head = f"  {thing.name:{wide}}  {thing.kind}  "
        yield _hung(head, "; ".join(words), width).replace(thing.kind, ink("2", thing.kind), 1)


def _hung(head: str, words: str, width: int) -> str:
    """Return words behind a head; lines that follow are indented, too."""
    deep = min(len(head), width // 2)
    told = wrap(words, " " * len(head), width, " " * (deep - len(head)))
    first, *more = told.lstrip().split("\n") if words else [""]
    return "\n".join([f"{head}{first}".rstrip(), *(" " * deep + line.strip() for line in more)])


def choices(position: Position, ink: Ink = _plain, width: int = 0) -> str:
    """Return the numbered choices with what each would do."""
    width = width or terminal_width()
    lines = []
    for number, choice in enumerate(position.choices, 1):
        text = choice.effect or choice.does
        place = f"  ({choice.at})" if choice.at else ""
        usual = "  ← default" if choice.usual else ""
        head = f"{number:>3}  "
        lines.append(ink("1", head) + wrap(f"{text}{place}{usual}", " " * 5, width).lstrip())
    return "\n".join(lines)


def told(sentences: Sequence[str], first: int, ink: Ink = _plain, width: int = 0) -> str:
    """Return what steps have done, numbered; the first one was decided, the others followed.

    Of many the first ones and the last ones.
    """
    width = width or terminal_width()
    lines = []
    left_out = len(sentences) - _MOST_TOLD
    for number, sentence in enumerate(sentences, first + 1):
        place = number - first
        if left_out > 1 and _MOST_TOLD // 2 < place <= _MOST_TOLD // 2 + left_out:
            if place == _MOST_TOLD // 2 + 1:
                lines.append(ink("2", f"     … {left_out} steps"))
            continue
        text = wrap(f"{number:>3}. {sentence}", "", width, "     ")
        lines.append(text if place == 1 else ink("2", text))
    return "\n".join(lines)


def ending(position: Position, width: int = 0) -> str:
    """Return how it came out, and why."""
    width = width or terminal_width()
    end = position.ending
    if end is None:
        return ""
    lines = [f"{ENDINGS.get(end.outcome, end.outcome)}."]
    if end.headline and end.outcome != "deadlock":
        lines.append(wrap(end.headline, "  ", width))
    lines += [wrap(text, "  ", width, "    ") for text in end.told]
    return "\n".join(lines)


def compared(comparison: Comparison, width: int = 0) -> str:
    """Return two runs side by side."""
    from gosim.views.text import table

    width = width or terminal_width()
    rows = [("", "recorded", "yours"), *comparison.rows()]
    lines = [table(rows[1:], "  ", width, rows[0])]
    if comparison.step is None:
        lines.append("Both take the same steps.")
    else:
        lines += [
            f"They part at step {comparison.step + 1}:",
            wrap(f"recorded  {comparison.theirs}", "  ", width, " " * 12),
            wrap(f"yours     {comparison.mine}", "  ", width, " " * 12),
        ]
    return "\n".join(lines)
