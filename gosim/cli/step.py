"""``gosim run NAME --step``: go through a run in the terminal, forwards and backwards.

In a terminal one key is one command.  Elsewhere commands are read from standard input, one a line,
so that a walk can be piped and tested.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from gosim.views.steps import CELL, EMPTY, Place, Steps
from gosim.views.text import terminal_width, wrap

if TYPE_CHECKING:
    from typing import TextIO

HELP: Final = """\
  n, space, enter, →   forward             b, ←   back
  g 12                 to step 12          0, $   to the beginning, to the end
  G7                   to the next step of goroutine 7
  p                    play, or stop playing
  q                    leave               ?      this help
"""
_KEYS: Final = "n forward · b back · g N to a step · G7 next of G7 · p play · q leave · ? help"

_PAUSE_S: Final = 0.7
_MOST_ROWS: Final = 16
_INK: Final = {
    "r": "1;34", "n": "36", "s": "33", "v": "33", "x": "32", "l": "35", "w": "1", "z": "2",
    "g": "2", "p": "1;31", "o": "31", "e": "31", "u": "2",
}  # fmt: skip
_ARROWS: Final = {"[C": "n", "[B": "n", "[D": "b", "[A": "b", "[H": "0", "[F": "$"}
Read = Callable[["float | None"], "str | None"]
_COMMAND: Final = re.compile(r"(G|g|n|b)?\s*(\d+)?")


def walk(steps: Steps, keys: TextIO | None = None, screen: TextIO | None = None) -> None:
    """Let the user go through the steps of a run until they leave.

    Parameters
    ----------
    steps : Steps
    keys, screen : file, optional
        Where commands come from and pictures go to; standard input and output.
    """
    keys = sys.stdin if keys is None else keys
    screen = sys.stdout if screen is None else screen
    if not len(steps):
        print("nothing happened", file=screen)
        return
    walker = Walker(steps, screen)
    try:
        if keys.isatty() and screen.isatty() and _has_keys():
            _by_key(walker, keys)
        else:
            _by_line(walker, keys)
    except (KeyboardInterrupt, EOFError):
        print(file=screen)


class Walker:
    """Where the user is, what a command does, and what is to be seen.

    Attributes
    ----------
    number : int
        The step, counted from 0.
    said : str
        The answer to a command that went nowhere.
    """

    def __init__(self, steps: Steps, screen: TextIO) -> None:
        self.steps = steps
        self.screen = screen
        self.color = screen.isatty() and "NO_COLOR" not in os.environ
        self.number = 0
        self.said = ""
        # What is not told by a step's changes is undone from here.
        self.slots: list[dict[str, str]] = []

    def obey(self, command: str) -> bool:
        """Do what a command says; False when it says to leave."""
        self.said = ""
        command = command.strip()
        last = len(self.steps) - 1
        if command in ("q", "quit", "exit"):
            return False
        if command in ("?", "h", "help"):
            self.said = HELP.rstrip("\n")
        elif command == "0":
            self.number = 0
        elif command == "$":
            self.number = last
        else:
            self._move(command, last)
        return True

    def _move(self, command: str, last: int) -> None:
        found = _COMMAND.fullmatch(command)
        if found is None:
            self.said = f"{command!r} is no command; ? shows them all"
            return
        letter, digits = found[1] or ("g" if found[2] else "n"), found[2]
        if letter == "G":
            g = int(digits or 0)
            step = self.steps.next_of(g, self.number)
            if step is None:
                self.said = f"G{g} does nothing more" if digits else "which goroutine? G7, say"
            else:
                self.number = step
        elif letter == "g" and not digits:
            self.said = f"which step? g 1 to g {last + 1}"
        elif letter == "g":
            self.number = min(last, max(0, int(digits) - 1))
        else:
            by = int(digits or 1) * (-1 if letter == "b" else 1)
            if self.number == last and by > 0:
                self.said = "this is the end"
            self.number = min(last, max(0, self.number + by))

    # -- what is to be seen ----------------------------------------------------------------------

    def view(self) -> str:
        """Return the picture of the step."""
        slots = self._slots(self.number)
        width = terminal_width()
        lines = [self._head(slots, width)]
        if self.steps.note and self.number == 0:
            lines.append(wrap(self.steps.note, "", width))
        lines += [self._ink("1", wrap(slots["say"], "", width)), ""]
        if self.said:
            lines += [self.said, ""]
        lines += [*self._source(slots, width), ""]
        lines += [*self._queues(slots), ""]
        lines += [*self._goroutines(slots, width), *self._things(slots, width)]
        printed = self.steps.output[: int(slots.get("out") or 0)].splitlines()[-5:]
        if printed:
            lines += ["", "printed so far", *[f"  {line[: width - 2]}" for line in printed]]
        return "\n".join(lines)

    def _slots(self, number: int) -> dict[str, str]:
        while len(self.slots) <= number:
            before = self.slots[-1] if self.slots else {}
            self.slots.append({**before, **self.steps.steps[len(self.slots)].changes})
        return self.slots[number]

    def _head(self, slots: dict[str, str], width: int) -> str:
        right = f"step {self.number + 1} of {len(self.steps)} · {slots.get('time', '')}"
        left = self.steps.title[: max(0, width - len(right) - 4)]
        rule = "─" * max(2, width - len(left) - len(right) - 2)
        return self._ink("2", f"{left} {rule} {right}")

    def _source(self, slots: dict[str, str], width: int) -> Iterator[str]:
        rows = self.steps.rows
        values = {at: slots.get(f"line {at}", "") for at in range(len(rows))}
        here = [at for at, value in values.items() if value]
        # The line that runs is shown whatever else is.
        here.sort(key=lambda at: not values[at].startswith("r"))
        shown: set[int] = set()
        for at in here:
            near = {n for n in (at - 1, at, at + 1) if 0 <= n < len(rows) and rows[n].number}
            if len(shown | near) > _MOST_ROWS:
                break
            shown |= near
        chips = max([len(self._plain(values[at])) for at in shown], default=0)
        before = None
        for at in sorted(shown):
            if before is not None and at != before + 1:
                yield self._ink("2", f"{'…':>5}")
            before = at
            value = values[at]
            pad = " " * (chips - len(self._plain(value)))
            code = rows[at].text[: max(10, width - chips - 9)]
            runs = value.startswith("r")
            mark = "▶" if runs else " "
            code = self._ink("1", code) if runs else code if value else self._ink("2", code)
            yield f"{mark}{rows[at].number:>4}  {self._chips(value)}{pad}  {code}".rstrip()

    def _queues(self, slots: dict[str, str]) -> Iterator[str]:
        queue = self._chips(slots.get("queue", ""))
        first = slots.get("next", "")
        if first:
            queue = f"next {self._chips(first)}  {queue}"
        yield f"running    {self._chips(slots.get('run', '')) or '–'}"
        yield f"run queue  {queue or '–'}"
        timers = slots.get("timers", "")
        if timers:
            yield f"timers     {' · '.join(timers.split(CELL))}"
        if slots.get("heap"):
            yield f"heap       {slots['heap']}"

    def _goroutines(self, slots: dict[str, str], width: int) -> Iterator[str]:
        names = {place.key: place.title.partition(" (")[0] for place in self.steps.things}
        wide = max([len(place.title) for place in self.steps.goroutines], default=0)
        for place in self.steps.goroutines:
            value = slots.get(place.key, "")
            if not value:
                continue
            things = [
                name for key, name in names.items() if "w" in slots.get(f"{place.key}>{key}", "")
            ]
            words = f"{value[2:]} → {', '.join(things)}" if things else value[2:]
            line = f"  {place.title:{wide}}  {words}"[:width]
            yield self._ink(_INK[value[0]], line)

    def _things(self, slots: dict[str, str], width: int) -> Iterator[str]:
        shown = [place for place in self.steps.things if slots.get(place.key)]
        if shown:
            yield ""
        wide = max([len(place.title) for place in shown], default=0)
        for place in shown:
            words = [slots[place.key][2:], *self._inside(place, slots)]
            yield f"  {place.title:{wide}}  {'  '.join(words)}"

    def _inside(self, place: Place, slots: dict[str, str]) -> Iterator[str]:
        cells = slots.get(f"{place.key}.buffer", "")
        if cells:
            yield "".join(f"[{' ' if c == EMPTY else c}]" for c in cells.split(CELL))
        for queue in ("sendq", "recvq"):
            value = slots.get(f"{place.key}.{queue}", "")
            if value:
                yield f"{queue if place.queues else 'waiting'} {self._chips(value)}"

    def _plain(self, value: str) -> str:
        return " ".join([chip if chip[0] == "+" else chip[1:] for chip in value.split()])

    def _chips(self, value: str) -> str:
        return " ".join(
            [
                chip if chip[0] == "+" else self._ink(_INK[chip[0]], chip[1:])
                for chip in value.split()
            ]
        )

    def _ink(self, ink: str, text: str) -> str:
        return f"\033[{ink}m{text}\033[0m" if self.color and text else text


# -- line by line ----------------------------------------------------------------------------------


def _by_line(walker: Walker, keys: TextIO) -> None:
    """Read commands as lines; playing goes to the end at once, one picture after the other."""
    screen = walker.screen
    asks = keys.isatty()
    print(walker.view(), file=screen, flush=True)
    while True:
        if asks:
            print("? for help > ", end="", file=screen, flush=True)
        line = keys.readline()
        if not line:
            return
        if line.strip() == "p":
            while walker.number < len(walker.steps) - 1:
                walker.obey("n")
                print(f"\n{walker.view()}", file=screen, flush=True)
            continue
        if not walker.obey(line):
            return
        print(f"\n{walker.view()}", file=screen, flush=True)


# -- key by key ------------------------------------------------------------------------------------


def _has_keys() -> bool:
    try:
        import termios  # noqa: F401 - Unix only
    except ImportError:
        return False
    return os.environ.get("TERM") != "dumb"


def _by_key(walker: Walker, keys: TextIO) -> None:
    playing = False
    with _raw(keys) as read:
        while True:
            _paint(walker, "playing; p stops" if playing else _KEYS)
            key = read(_PAUSE_S if playing else None)
            if key is None:  # nobody pressed one: the next picture of the film
                walker.obey("n")
                playing = walker.number < len(walker.steps) - 1
                continue
            playing = key == "p" and not playing
            if key == "p":
                if playing and walker.number == len(walker.steps) - 1:
                    walker.number = 0
                continue
            if key in ("g", "G"):
                key = _number(walker, key, read)
            elif key in ("\x04", "\x1b"):
                key = "q"
            if not walker.obey(key):
                return


def _paint(walker: Walker, foot: str) -> None:
    lines = walker.view().split("\n")
    try:
        height = os.get_terminal_size(walker.screen.fileno()).lines or 40
    except OSError:
        height = 40
    # What does not fit is cut off at the end: the sentence and the source come first.
    lines = lines[: max(5, height - 2)]
    body = "\n".join(lines)
    foot = walker._ink("2", foot)
    print(f"\033[H\033[2J{body}\n{foot} ", end="", file=walker.screen, flush=True)


def _number(walker: Walker, letter: str, read: Read) -> str:
    """Read the number behind ``g`` or ``G``, up to Enter."""
    typed = letter
    while True:
        _paint(walker, f"{typed}_ and Enter")
        key = read(None)
        if key is None or key in "\r\n":
            return typed
        if key in ("\x7f", "\b"):
            typed = typed[:-1] or letter
        elif key.isdigit() or key == " ":
            typed += key
        else:
            return "?" if key != "\x1b" else "g"


@contextmanager
def _raw(keys: TextIO) -> Iterator[Read]:
    """Read keys as they are pressed; put the terminal right again afterwards."""
    import select
    import termios
    import tty

    descriptor = keys.fileno()
    before = termios.tcgetattr(descriptor)

    def ready(seconds: float | None) -> bool:
        return bool(select.select([descriptor], [], [], seconds)[0])

    def read(seconds: float | None) -> str | None:
        if not ready(seconds):
            return None
        data = os.read(descriptor, 1)
        if not data:
            raise EOFError
        if data == b"\x1b" and ready(0.05):
            rest = os.read(descriptor, 8).decode("latin-1")
            return _ARROWS.get(rest.replace("O", "["), "?")
        return data.decode("latin-1")

    try:
        tty.setcbreak(descriptor)
        yield read
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
        print(flush=True)
