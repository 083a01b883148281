"""One sentence for each event of a recording: what just happened, and why.

The words are in `gosim.leaks.messages`; here are the facts.
"""

from __future__ import annotations

import os
from typing import Final

from gosim.leaks.messages import knows, say
from gosim.leaks.recording import Event, Recording
from gosim.std.time.duration import Duration

_MOST_NAMES: Final = 3
_LONGEST: Final = 60


def tell(event: Event, recording: Recording) -> str:
    """Return what an event was, in a sentence.

    Parameters
    ----------
    event : Event
        Of `recording`.
    recording : Recording

    Examples
    --------
    >>> import gosim as gs
    >>> async def main():
    ...     print("hello")
    >>> run = gs.run(main)
    >>> for event in run.recording().events:
    ...     print(tell(event, run.recording()))
    The process starts; main is G1 (main.main).
    G1 (main.main) is runnable.
    G1 (main.main) runs: nobody else can.
    G1 (main.main) prints "hello".
    G1 (main.main) is gone: it returned.
    Main has returned: the process would be over. From here on it lives on without main, as a \
server would.
    """
    return _Teller(event, recording).sentence()


def name(g: int, recording: Recording) -> str:
    """Return how sentences and pictures call a goroutine: ``G7 (main.worker)``."""
    member = recording.goroutines.get(g)
    return f"G{g}" if member is None else f"G{g} ({member.function})"


class _Teller:
    def __init__(self, event: Event, recording: Recording) -> None:
        self.event = event
        self.recording = recording
        self.facts = {
            "who": self._who(event.g) if event.g else say("step.runtime"),
            "other": self._who(event.other),
            "thing": self._thing(event.thing),
            "value": event.value,
            "at": f"{os.path.basename(event.file)}:{event.line}",
            "text": event.text,
            "until": Duration(max(0, event.when)),
        }

    def sentence(self) -> str:
        return str(getattr(self, f"_{self.event.kind}")())

    def _say(self, key: str, **more: object) -> str:
        return say(key, **{**self.facts, **more})

    def _who(self, g: int) -> str:
        return name(g, self.recording)

    def _thing(self, number: int) -> str:
        thing = self.recording.things.get(abs(number))
        return "" if thing is None else thing.label

    def _go(self) -> str:
        return self._say("step.go" if self.event.g else "step.go.main")

    def _run(self) -> str:
        return self._say(f"step.run.{self.event.text}", policy=self.recording.policy)

    def _yield(self) -> str:
        return self._say("step.yield")

    def _park(self) -> str:
        event = self.event
        if event.others:
            parts = [
                say("step.case.send" if n < 0 else "step.case.receive", thing=self._thing(n))
                for n in event.others
            ]
            return self._say("step.park.select", cases=_listed(parts))
        kind = event.text
        if kind == "chan send":
            full = self.recording.things[event.thing].cap
            return self._say("step.park.send.full" if full else "step.park.send")
        if kind == "chan receive":
            return self._say("step.park.receive")
        if kind == "sleep":
            return self._say("step.park.sleep")
        if kind == "select":
            return self._say("step.park.select.nil")
        key = f"step.park.{kind}"
        if knows(key):
            return self._say(key)
        return self._say("step.park.lock" if event.thing else "step.park.other")

    def _ready(self) -> str:
        if not self.event.g and self.event.at == 0:
            return self._say("step.ready.start")
        return self._say("step.ready" if self.event.g else "step.ready.clock")

    def _end(self) -> str:
        return self._say(f"step.end.{self.event.text}")

    def _send(self) -> str:
        if not self.event.g:
            return self._say("step.send.clock.to" if self.event.other else "step.send.clock")
        return self._say("step.send.to" if self.event.other else "step.send.buffer")

    def _recv(self) -> str:
        if self.event.text == "closed":
            return self._say("step.recv.closed")
        if self.event.other:
            return self._say("step.recv.moved" if self.event.text else "step.recv.from")
        return self._say("step.recv.buffer")

    def _close(self) -> str:
        released = self.event.others
        if not self.event.g:
            return self._say("step.close.before")
        if not released:
            return self._say("step.close")
        return self._say("step.close.releases", others=_listed([f"G{g}" for g in released]))

    def _lock(self) -> str:
        event = self.event
        if event.text == "free":
            return self._say("step.lock.free")
        if event.others:
            return self._say("step.lock.held", others=_listed([f"G{g}" for g in event.others]))
        return self._say("step.lock.state" if event.text else "step.lock")

    def _timer(self) -> str:
        if self.event.other:
            return self._say("step.timer.sleep")
        return self._say("step.timer.channel" if self.event.thing else "step.timer")

    def _print(self) -> str:
        text = self.event.text.rstrip("\n").replace("\n", " ⏎ ")
        if len(text) > _LONGEST:
            text = f"{text[:_LONGEST]}…"
        return self._say("step.print" if text.strip() else "step.print.line", text=text)

    def _gc(self) -> str:
        before, after = self.event.value.split()
        return self._say("step.gc", before=before, after=after)

    def _return(self) -> str:
        return self._say("step.return")


def _listed(parts: list[str]) -> str:
    """Join, and count those beyond the first few."""
    if len(parts) > _MOST_NAMES + 1:
        rest = say("thing.more", count=len(parts) - _MOST_NAMES)
        parts = [*parts[:_MOST_NAMES], rest]
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    for part in parts[1:-1]:
        first = say("comma", a=first, b=part)
    return say("and", a=first, b=parts[-1])
