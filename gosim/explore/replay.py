"""Replay tokens of explored schedules: short, and bound to the program they were made for.

``g1.explore.<payload>.<check>`` (`gosim.runtime.token`): the seed, how timers are treated, the
deviations from the default schedule, and a few bits that tell, at each deviation and at the end,
whether the program has done and could do what it did when the token was made. What is replayed is
the whole execution as it was explored: when main returns, or a goroutine ends the process, output
and exit code are fixed, and the others live on.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.control import Control
from gosim.explore.step import Label, Step
from gosim.explore.way import Deviation, Following, Way
from gosim.runtime.errors import NotRepeatable, UsageError
from gosim.runtime.token import decode, encode_payload, modes

if TYPE_CHECKING:
    from gosim.runtime.program import Program

__all__ = ["MODE", "Marked", "Replay", "Ticket", "install", "scheduler"]

MODE: Final = "explore"
VERSION: Final = 1
"""What steps there are, and how they are told: one more when that changes, so that tokens that were
made before are refused with the reason."""
_LATE: Final = 1
_STOPPED: Final = 2
_EXPLORED: Final = 4
_RACES: Final = 8
_FLAGS: Final = 16

_OTHER: Final = (
    "do you run another program, variant or version of Go than the token was made for, or does "
    "the program iterate a set, read the clock, use `random`? (gosim.rand is the deterministic one)"
)


@dataclass(frozen=True)
class Ticket:
    """What a token says.

    Attributes
    ----------
    way : Way
    marks : tuple of int
        What tells, at each deviation, whether the program is the same: 8 bits each.
    end : int
        The same for the whole execution: 16 bits.
    timers : {"any", "late"}
    early_ticks : int
        As the exploration had them.
    explored, races : bool
        How a Go program has to be compiled: see `gosim.golang.program.GoProgram`.
    """

    way: Way
    marks: tuple[int, ...]
    end: int
    timers: str = "any"
    early_ticks: int = 8
    explored: bool = False
    races: bool = False

    def token(self, seed: int = 0) -> str:
        """Return the token; `seed` is that of the program's random numbers."""
        flags = _LATE * (self.timers == "late") + _STOPPED * self.way.stopped
        flags += _EXPLORED * self.explored + _RACES * self.races
        packed = bytearray()
        for number in (VERSION * _FLAGS + flags, self.early_ticks, self.way.steps):
            packed += _varint(number)
        packed += self.end.to_bytes(2, "big")
        at = 0
        for deviation, mark in zip(self.way.deviations, self.marks, strict=True):
            packed += _varint(deviation.step - at) + _varint(deviation.choice)
            packed.append(mark)
            at = deviation.step
        return encode_payload(MODE, seed, bytes(packed))

    @classmethod
    def of(cls, payload: bytes) -> Ticket:
        """Return what a token's payload says.

        Raises
        ------
        UsageError
            When it is none.
        """
        try:
            data = iter(payload)
            version, flags = divmod(_number(data), _FLAGS)
            if version != VERSION:
                raise UsageError(
                    "--replay: the token was made by another version of gosim, whose explorations "
                    "have other steps; explore once more"
                )
            early_ticks, steps = _number(data), _number(data)
            end = next(data) << 8 | next(data)
            deviations, marks = [], []
            at = 0
            while (more := next(data, None)) is not None:
                at += _number(data, more)
                deviations.append(Deviation(at, _number(data)))
                marks.append(next(data))
        except StopIteration:
            raise UsageError("--replay: the token ends too early") from None
        return cls(
            Way.of(deviations, steps, bool(flags & _STOPPED)),
            tuple(marks),
            end,
            "late" if flags & _LATE else "any",
            early_ticks,
            bool(flags & _EXPLORED),
            bool(flags & _RACES),
        )

    @classmethod
    def read(cls, token: str | None) -> Ticket | None:
        """Return what a token says, or None where it is of another mode.

        Raises
        ------
        UsageError
            When it is damaged.
        """
        if token is None:
            return None
        install()
        schedule = decode(token)
        if schedule.mode != MODE or schedule.payload is None:
            return None
        return cls.of(schedule.payload)


class Marked(Following):
    """Takes a way, and computes what tells this program from another one.

    Attributes
    ----------
    marks : list of int
        For each deviation that was come to.
    end : int
        For all steps so far.
    """

    def __init__(self, way: Way) -> None:
        super().__init__(way)
        self.marks: list[int] = []
        self._sum = 0

    @property
    def end(self) -> int:
        """Sixteen bits of all that was done."""
        return self._sum & 0xFFFF

    def ticket(self, timers: str, early_ticks: int, program: Program | None = None) -> Ticket:
        """Return what repeats the execution that has ended."""
        return Ticket(
            self.way,
            tuple(self.marks),
            self.end,
            timers,
            early_ticks,
            bool(getattr(program, "explored", False)),
            bool(getattr(program, "races", False)),
        )

    def begin(self, control: Control) -> None:
        """Begin at the first step."""
        super().begin(control)
        self.marks = []
        self._sum = 0

    def choose(self, enabled: Sequence[Label]) -> Label | None:
        """Return the step of the way."""
        if self.deviates:
            could = "\n".join(sorted(map(str, enabled)))
            self.mark(zlib.crc32(could.encode(), self._sum) & 0xFF)
        return super().choose(enabled)

    def mark(self, mark: int) -> None:
        """Keep what tells that a deviation is the same."""
        self.marks.append(mark)

    def took(self, step: Step) -> None:
        """Take it into the sum."""
        super().took(step)
        things = sorted({key for key, _ in step.accesses if "#" in key})  # that somebody made
        self._sum = zlib.crc32(f"{step.label} {step.text} {things}\n".encode(), self._sum)


class _Checked(Marked):
    """Takes a way if the program is the one it was made for."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(ticket.way)
        self.expected = ticket

    def mark(self, mark: int) -> None:
        """Compare."""
        super().mark(mark)
        if mark != self.expected.marks[len(self.marks) - 1]:
            raise NotRepeatable(
                f"not repeatable: step {self.length + 1} is not the one of the token; {_OTHER}"
            )

    def took(self, step: Step) -> None:
        """Compare the whole when it is there."""
        super().took(step)
        if self.length == self.way.steps and self.end != self.expected.end:
            raise NotRepeatable(
                f"not repeatable: the {self.length} steps are not those of the token; {_OTHER}"
            )


class Replay(Control):
    """The scheduler of a token."""

    def __init__(self, ticket: Ticket) -> None:
        self._checked = _Checked(ticket)
        super().__init__(self._checked, ticket.timers, ticket.early_ticks)

    def pick(self, runnable: Sequence[Any], timer: Any) -> Any:
        """Return who goes on; where nobody can any more, this has to be the token's end."""
        chosen = super().pick(runnable, timer)
        if chosen is None and len(self.steps) != self._checked.way.steps:
            raise NotRepeatable(
                f"not repeatable: over after {len(self.steps)} steps, of "
                f"{self._checked.way.steps} in the token; {_OTHER}"
            )
        return chosen


def scheduler(payload: bytes) -> Replay:
    """Return the scheduler that repeats what a token's payload says.

    Raises
    ------
    UsageError
        When it is damaged.
    """
    return Replay(Ticket.of(payload))


def install() -> None:
    """Let `gosim.runtime.token` read these tokens; doors call it before they replay one."""
    modes[MODE] = scheduler


def _varint(number: int) -> bytes:
    packed = bytearray()
    while number > 127:
        packed.append(number & 127 | 128)
        number >>= 7
    packed.append(number)
    return bytes(packed)


def _number(data: Iterator[int], byte: int | None = None) -> int:
    """Read a number of seven bits a byte, whose first byte may have been read already."""
    number = shift = 0
    while True:
        if byte is None:
            byte = next(data)
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number
        byte = None
